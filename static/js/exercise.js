// The editor of an exercise: CodeMirror over the form's textarea, which holds the same text and is what is sent.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

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
// Not crypto.randomUUID, which pages that come over plain http do not have.
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
const run = () => {
  form.requestSubmit(document.getElementById("run"));
  return true;
};
// Where the result is out of sight, as on a telephone under the editor, it comes into it.
const showResult = () => {
  const result = document.getElementById("result");
  const { top, bottom } = result.getBoundingClientRect();
  const bar = document.querySelector(".side");
  const floor = bar && getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight;
  if (top < 0 || Math.min(bottom, top + 160) > floor) result.scrollIntoView({ block: "start" });
};

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], fontWeight: "650" },
]);
const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "10px", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.55", minHeight: "22rem", maxHeight: "70vh" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-2)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 55%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "light-dark(#cfd9fb, #31448a)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
});

if (form) {
  const mount = document.createElement("div");
  mount.className = "code-editor";
  field.after(mount);
  field.hidden = true;
  // In a shadow tree CodeMirror makes its styles as objects, which the page's policy allows; elsewhere as elements.
  const shadow = mount.attachShadow({ mode: "open" });
  const unsaved = handedOn();
  const view = new EditorView({
    parent: shadow,
    root: shadow,
    state: EditorState.create({
      doc: unsaved,
      extensions: [
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), drawSelection(),
        history(), indentOnInput(), bracketMatching(), indentUnit.of("    "), python(),
        syntaxHighlighting(colours), look,
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "Your code, Python with NumPy. Tab indents; Escape, then Tab leaves." }),
        keymap.of([{ key: "Ctrl-Enter", run, preventDefault: true }, { key: "Mod-Enter", run, preventDefault: true }, ...historyKeymap, indentWithTab, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          changed();
        }),
      ],
    }),
  });
  document.querySelector("label[for=code]")?.addEventListener("click", () => view.focus());
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
