// Says whether what stands in the form has reached the server, and sends it again until it has.
//
// What is saved by itself must not reach the server behind what a button sends after it: the button waits for it, for
// LONGEST_WAIT where the answer is slow, and for as long as it takes where the connection is known to be gone.
const LONGEST_WAIT = 2000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;

const form = document.querySelector("form[data-autosave]");
let edits = 0;
let sentEdits = 0;
let saving = 0;
let retryIn = FIRST_RETRY;
let retry = null;
let trouble = "";
let pressed = null;
let isLeaving = false;

export const isTroubled = () => trouble !== "";
export const saveNow = () => form?.dispatchEvent(new CustomEvent("autosave"));

const say = (text) => {
  const place = document.getElementById("saved");
  const word = document.createElement(text ? "p" : "span");
  word.className = text && "notice bad";
  word.textContent = text || "\u00a0";
  word.dataset.word = "";
  place.querySelector("[data-word]").replaceWith(word);
};
const press = () => {
  const button = pressed;
  pressed = null;
  if (button) form.requestSubmit(button);
};
const fail = (reason) => {
  trouble = reason;
  say(reason);
  clearTimeout(retry);
  retry = setTimeout(saveNow, retryIn);
  retryIn = Math.min(2 * retryIn, LAST_RETRY);
};
const succeed = () => {
  trouble = "";
  retryIn = FIRST_RETRY;
  clearTimeout(retry);
};
// Signing in elsewhere gives a new token against forged requests; the page itself holds the one that is valid.
const renewToken = async () => {
  const response = await fetch(location.href).catch(() => null);
  if (!response || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
};
const isOwn = (event) => event.detail?.ctx?.sourceElement === form;

if (form) {
  const edited = (event) => {
    edits += 1;
    // Another confidence alone is no new answer: one that another tab has saved meanwhile stays.
    if (event.target.name !== "confidence") form.elements.edited.value = "on";
    if (!isTroubled()) say("");
  };
  // A list that is dragged says "change" alone.
  form.addEventListener("input", edited);
  form.addEventListener("change", edited, { capture: true });
  document.addEventListener("htmx:before:request", (event) => {
    if (!isOwn(event)) return;
    saving += 1;
    sentEdits = edits;
  });
  document.addEventListener("htmx:error", (event) => {
    if (isOwn(event)) fail("Not saved: no connection. Trying again.");
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (!isOwn(event)) return;
    const { status, raw } = event.detail.ctx.response;
    if (status < 400 && !raw.redirected) return succeed();
    // Refused with words of its own, or kept aside because another page was quicker.
    if (status === 422 || (status === 409 && form.elements.page)) return succeed();
    event.preventDefault();
    const isSignedOut = raw.redirected || status === 403;
    if (isSignedOut) renewToken();
    fail(
      isSignedOut
        ? "Not saved: you are signed out. Sign in in another tab and this page goes on."
        : status === 503
          ? "Not saved yet: the server is busy. Trying again."
          : "Not saved: the server has a problem. Trying again.",
    );
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!isOwn(event)) return;
    saving = Math.max(0, saving - 1);
    if (edits > sentEdits && !isTroubled()) say("");
    // What is saved is no edit of this page any more: another tab may change it from here on.
    if (edits === sentEdits && !isTroubled()) form.elements.edited.value = "";
    setTimeout(() => saving || isTroubled() || press());
  });
  // What was typed last is not lost with the page, and a page that comes back from the history is made anew.
  window.addEventListener("pagehide", () => {
    if (edits > sentEdits && !isLeaving) fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", () => isTroubled() && saveNow());
  window.addEventListener("beforeunload", (event) => isTroubled() && event.preventDefault());
  document.addEventListener("submit", (event) => {
    if (event.target !== form || !event.submitter) return;
    if (!saving && !isTroubled()) {
      // The form itself brings what stands in it.
      isLeaving = true;
      return;
    }
    event.preventDefault();
    pressed = event.submitter;
    if (isTroubled()) return saveNow();
    setTimeout(() => {
      if (isTroubled() || !pressed) return;
      saving = 0;
      press();
    }, LONGEST_WAIT);
  });
}
