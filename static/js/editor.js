// The code editor: CodeMirror over a form's textarea.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

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

// Puts the editor over the textarea, which keeps the same text and is what is sent; gives CodeMirror's view.
// doc: the text to begin with. changed: called after each change. run: what Ctrl and Enter do.
export const mountEditor = ({ field, doc, changed, run }) => {
  const mount = document.createElement("div");
  mount.className = "code-editor";
  field.after(mount);
  field.hidden = true;
  // In a shadow tree CodeMirror makes its styles as objects, which the page's policy allows; elsewhere as elements.
  const shadow = mount.attachShadow({ mode: "open" });
  const press = () => {
    run();
    return true;
  };
  const view = new EditorView({
    parent: shadow,
    root: shadow,
    state: EditorState.create({
      doc,
      extensions: [
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), drawSelection(),
        history(), indentOnInput(), bracketMatching(), indentUnit.of("    "), python(),
        syntaxHighlighting(colours), look,
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "Your code, Python with NumPy. Tab indents; Escape, then Tab leaves." }),
        keymap.of([{ key: "Ctrl-Enter", run: press, preventDefault: true }, { key: "Mod-Enter", run: press, preventDefault: true }, ...historyKeymap, indentWithTab, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          changed();
        }),
      ],
    }),
  });
  document.querySelector(`label[for=${field.id}]`)?.addEventListener("click", () => view.focus());
  return view;
};
