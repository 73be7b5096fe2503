// The code of a mock interview: the editor writes into the form that saves itself.
import { mountEditor } from "./editor.js";
import { newId } from "./ids.js";

const field = document.querySelector("textarea[data-editor]");
if (field) {
  const button = document.getElementById("run");
  mountEditor({
    field,
    doc: field.value,
    changed: () => field.dispatchEvent(new Event("input", { bubbles: true })),
    run: () => button.click(),
  });
  // Each press of Run is a run of its own; a press that is sent twice is one.
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail?.ctx?.sourceElement === button) field.form.elements.id.value = newId();
  });
}
