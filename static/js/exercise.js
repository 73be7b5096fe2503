// An exercise: drafts save themselves, and a press of Run is one run.
import { mountEditor } from "./editor.js";
import { newId } from "./ids.js";

const DRAFT_DELAY = 1200;
// Who types without a pause is saved as often as this all the same.
const LONGEST_DELAY = 4000;
const RETRY = 5000;
// What a page that is left has not saved is handed to the next one, if it comes at once, as after a reload.
const HANDED_ON = 15_000;

const field = document.querySelector("textarea[data-editor]");
const form = field?.form;
const hidden = form?.elements;
let timer = null;
let unsavedSince = 0;
let savedEdit = 0;
let sentCode = null;
// From a press of Run until its result is there, or until the learner scrolls elsewhere.
let followsResult = false;

const isOldRun = () => "oldRun" in form.dataset;
const isStale = () => Boolean(document.getElementById("saved")?.dataset.stale);
const edit = () => Number(hidden.edit.value);
const say = (text) => {
  const place = document.getElementById("saved");
  if (place) place.textContent = text || "\u00a0";
};
// Signing in elsewhere gives a new token against forged requests; the page itself holds the one that is valid.
const renewToken = async () => {
  const response = await fetch(location.href).catch(() => null);
  if (!response || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[data-draft] [name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
};
const later = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(saveDraft, delay);
};
const saveDraft = async () => {
  timer = null;
  unsavedSince = 0;
  const sent = edit();
  try {
    const response = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
    if (response.redirected || response.status === 403) {
      say("Not saved: you are signed out. Sign in in another tab and this page goes on.");
      await renewToken();
      return later(RETRY);
    }
    if (response.status >= 500) {
      say("Not saved: the server has a problem. Trying again.");
      return later(RETRY);
    }
    savedEdit = Math.max(savedEdit, sent);
    // What was typed meanwhile is not saved yet.
    if (response.ok && edit() > sent) return;
    const told = await response.text();
    document.getElementById("saved").outerHTML = told;
    if (isStale()) document.getElementById("saved").scrollIntoView({ block: "nearest" });
  } catch {
    say("Not saved: no connection. Trying again.");
    later(RETRY);
  }
};
const changed = () => {
  hidden.edit.value = edit() + 1;
  if (isOldRun() || isStale()) return;
  say("");
  unsavedSince ||= Date.now();
  later(Math.max(0, Math.min(DRAFT_DELAY, unsavedSince + LONGEST_DELAY - Date.now())));
};
// What was typed last is not lost with the page.
const leave = () => {
  sessionStorage.removeItem(form.dataset.draft);
  if (isOldRun() || isStale() || edit() <= savedEdit) return;
  sessionStorage.setItem(form.dataset.draft, JSON.stringify({ code: field.value, at: Date.now() }));
  fetch(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
};
const handedOn = () => {
  const kept = JSON.parse(sessionStorage.getItem(form.dataset.draft) ?? "null");
  sessionStorage.removeItem(form.dataset.draft);
  return kept && Date.now() - kept.at < HANDED_ON && !isOldRun() ? kept.code : field.value;
};
const run = () => form.requestSubmit(document.getElementById("run"));
// Where the result is out of sight, as on a telephone under the editor, it comes into it.
const showResult = () => {
  const result = document.getElementById("result");
  const { top, bottom } = result.getBoundingClientRect();
  const bar = document.querySelector(".side");
  const floor = bar && getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight;
  if (top < 0 || Math.min(bottom, top + 160) > floor) result.scrollIntoView({ block: "start" });
};

if (form) {
  const unsaved = handedOn();
  const view = mountEditor({ field, doc: unsaved, changed, run });
  if (unsaved !== field.value) {
    field.value = unsaved;
    hidden.edit.value = edit() + 1;
    saveDraft();
  }
  // Each press of Run is a run of its own; a press that is sent twice is one.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-take-over]")) event.target.elements.code.value = field.value;
    if (event.target !== form) return;
    clearTimeout(timer);
    timer = null;
    unsavedSince = 0;
    if (sentCode !== null && sentCode !== field.value) hidden.id.value = newId();
    sentCode = field.value;
    savedEdit = edit();
    followsResult = true;
    if (!isStale()) say("");
  }, { capture: true });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail?.ctx ?? {};
    if (response && (response.raw.redirected || response.status === 403)) {
      // The page of sign-in is no part of this one.
      event.preventDefault();
      document.getElementById("result").textContent = "You are signed out. Sign in in another tab, then press Run again.";
      renewToken();
    }
    if (sourceElement !== form) return;
    hidden.id.value = newId();
    sentCode = null;
    if (response?.status === 200 && isOldRun()) {
      delete form.dataset.oldRun;
      document.querySelector("[data-take-over]")?.remove();
      history.replaceState(null, "", form.dataset.page);
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail?.ctx?.sourceElement !== form) return;
    savedEdit = 0;
    say("Not run: no connection. Press Run again once it is back.");
    if (edit() && !isOldRun()) later(RETRY);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!followsResult || (source !== form && source?.id !== "result")) return;
    showResult();
    followsResult = document.querySelector("[id^=look-]") !== null;
  });
  for (const scrolling of ["wheel", "touchmove"]) document.addEventListener(scrolling, () => (followsResult = false), { passive: true });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keep]")) return;
    hidden.seen.value = document.getElementById("saved").dataset.stale;
    delete document.getElementById("saved").dataset.stale;
    view.focus();
    saveDraft();
  });
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  // A page that comes back from the browser's history is made anew, with the last run in it.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
