// A review without waiting: the next card is in the page already and appears at once; the rating travels behind it.
// A rating that does not arrive is sent again until it does; its key makes sure that it counts once.
const FIRST_RETRY = 1000;
const LAST_RETRY = 15_000;
const SWIPE = 70;

const page = document.querySelector("[data-review]");
const trouble = document.getElementById("trouble");
const unsent = [];
let sending = false;
let retryIn = FIRST_RETRY;
let afterSent = null;
let shownAt = performance.now();

const card = () => document.getElementById("card");
const turn = () => card()?.querySelector("details.turn");
const ratings = () => card()?.querySelectorAll("[data-rate] button") ?? [];

// Keys and swipes rate only what is turned over.
const settle = () => {
  const details = turn();
  for (const button of ratings()) button.disabled = !details.open;
};
const open = () => {
  turn().open = true;
  settle();
};
const begin = ({ focus }) => {
  shownAt = performance.now();
  if (!card()) return;
  card().addEventListener("toggle", settle, { capture: true });
  if (turn()) settle();
  if (focus) (card().querySelector("summary") ?? card().querySelector("input:not([type=hidden])"))?.focus();
};

// The buttons under the card follow the card shown.
const follow = () => {
  const pk = card()?.dataset.card;
  const actions = page.querySelector(".card-actions");
  if (!actions) return;
  if (!pk) return actions.remove();
  for (const link of actions.querySelectorAll("a")) {
    link.href = (link.dataset.edit ?? link.dataset.info).replace("/0/", `/${pk}/`);
  }
  for (const form of actions.querySelectorAll("[data-act]")) {
    form.action = form.action.replace(/cards\/\d+\//, `cards/${pk}/`);
  }
};

const showNext = () => {
  const ahead = document.getElementById("ahead");
  const next = ahead.content.firstElementChild;
  if (!next) return false;
  card().replaceWith(next);
  document.getElementById("told").replaceChildren();
  // The address may still name a card that is rated now; a reload would show it once more.
  history.replaceState(null, "", page.dataset.review);
  begin({ focus: true });
  follow();
  return true;
};

const take = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["counts", "told", "ahead"]) {
    const element = fresh.getElementById(id);
    if (element) document.getElementById(id).replaceWith(document.importNode(element, true));
  }
};

const tell = (text) => {
  trouble.textContent = text;
  trouble.hidden = !text;
};

const send = async () => {
  if (sending || !unsent.length) return;
  sending = true;
  const rating = unsent[0];
  rating.set("showing", card()?.dataset.card ?? "");
  try {
    const response = await fetch(page.dataset.review, {
      method: "POST",
      body: rating,
      headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
    });
    if (!response.ok || response.redirected) throw new Error(response.status);
    unsent.shift();
    retryIn = FIRST_RETRY;
    tell("");
    take(await response.text());
  } catch (error) {
    const signedOut = error.message === "200" || error.message === "403";
    const reason = /^5/.test(error.message) ? "the server is busy" : "no connection";
    tell(
      signedOut
        ? "Not saved: you are signed out. Sign in in another tab, then reload this page."
        : `Not saved yet: ${reason}. ${unsent.length} rating${unsent.length > 1 ? "s wait" : " waits"} and will be sent.`,
    );
    setTimeout(send, retryIn);
    retryIn = Math.min(2 * retryIn, LAST_RETRY);
    return;
  } finally {
    sending = false;
  }
  if (unsent.length) return send();
  if (afterSent) {
    const goOn = afterSent;
    afterSent = null;
    return goOn();
  }
  // Nothing was fetched ahead when the last card was rated: now it is known what comes.
  if (page.dataset.waiting) location.assign(page.dataset.review);
};

// What was spent until an answer was checked counts too.
const spent = (former) => Math.round(performance.now() - shownAt) + Number(former);

const rate = (form, button) => {
  const rating = new FormData(form, button);
  rating.set("milliseconds", spent(rating.get("milliseconds")));
  unsent.push(rating);
  if (!showNext()) {
    page.dataset.waiting = "yes";
    for (const other of ratings()) other.disabled = true;
  }
  send();
};

// What leads away waits until the ratings have arrived: an undo would otherwise take back the one before.
const postpone = (event, goOn) => {
  if (!unsent.length) return false;
  event.preventDefault();
  afterSent = goOn;
  return true;
};

if (page) {
  begin({ focus: true });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => unsent.length && !page.dataset.waiting && event.preventDefault());

  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) postpone(event, () => link.click());
  });

  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    const elsewhere = page.contains(target) && !target.matches("[data-rate]");
    if (elsewhere && postpone(event, () => target.requestSubmit(submitter))) return;
    const { milliseconds, spent: soFar } = event.target.elements;
    if (event.target.matches("[data-check]")) soFar.value = spent(0);
    if (!event.target.matches("[data-rate]")) return;
    if ("plain" in page.dataset) {
      milliseconds.value = spent(milliseconds.value);
      return;
    }
    event.preventDefault();
    if (page.dataset.waiting) return;
    rate(event.target, event.submitter);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && event.target.matches("#typed")) event.target.blur();
    if (event.target.closest("input:not([type=hidden]), textarea, select")) return;
    const details = turn();
    if (!details) return;
    if (event.key === " " && !event.target.closest("a, .card-actions")) {
      event.preventDefault();
      if (!details.open) open();
      else card().querySelector("[data-rate] .good, [data-rate] .again:only-of-type")?.click();
    } else if (/^[1-4]$/.test(event.key) && details.open) {
      ratings()[Number(event.key) - 1]?.click();
    }
  });

  // A tap turns the card over; a swipe rates it.
  let start = null;
  page.addEventListener("touchstart", (event) => {
    start = event.target.closest("#card") ? event.changedTouches[0] : null;
  }, { passive: true });
  page.addEventListener("touchend", (event) => {
    const details = turn();
    if (!start || !details || event.target.closest("button, a, summary, input, .katex-display")) return;
    const end = event.changedTouches[0];
    const [across, down] = [end.clientX - start.clientX, end.clientY - start.clientY];
    if (!details.open && Math.hypot(across, down) < 10) open();
    else if (details.open && Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) {
      card().querySelector(across > 0 ? "[data-rate] .good" : "[data-rate] .again")?.click();
    }
  });
}
