// The editor of an exercise: CodeMirror over the form's textarea, which holds the same text and is what is sent.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const DRAFT_DELAY = 1200;

const field = document.querySelector("textarea[data-editor]");
const form = field?.form;
// In a form that saves itself the code goes with the rest.
const savesItself = form?.dataset.autosave !== undefined;
let timer = null;

const say = (text) => {
  const place = document.getElementById("saved");
  if (place) place.textContent = text || "\u00a0";
};
const saveDraft = async () => {
  timer = null;
  const body = new FormData(form);
  try {
    const response = await fetch(form.dataset.draft, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (response.redirected) say("Not saved: you are signed out.");
    else say(response.ok ? "Draft saved" : "Not saved: the server refused it.");
  } catch {
    say("Not saved: no connection. Trying again.");
    timer = setTimeout(saveDraft, 4 * DRAFT_DELAY);
  }
};
const changed = () => {
  if (savesItself) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  say("");
  clearTimeout(timer);
  timer = setTimeout(saveDraft, DRAFT_DELAY);
};
const run = () => {
  document.getElementById("run").click();
  return true;
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
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-2)", border: "0" },
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
  const view = new EditorView({
    parent: shadow,
    root: shadow,
    state: EditorState.create({
      doc: field.value,
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
  // Each press of Run is a run of its own; a press that is sent twice is one.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = null;
    if (!savesItself) say("");
  });
  document.addEventListener("htmx:after:request", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (source === (savesItself ? document.getElementById("run") : form)) form.elements.id.value = crypto.randomUUID();
  });
  window.addEventListener("pagehide", () => {
    if (timer) fetch(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true });
  });
}
