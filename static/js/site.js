// htmx with its expressions off: everything the pages do is in their markup or in this folder.
import "htmx.org/dist/htmx.esm.js";

// A press of a key does what the marked link or button does: data-key="n" anywhere on the page; several keys stand apart by spaces.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  // Where the event began: in the shadow tree of an editor, too.
  const [origin] = event.composedPath();
  if (origin.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key.startsWith("Arrow") && event.target.closest("input, .handle")) return;
  const target = document.querySelector(`[data-key~="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input[type=search], textarea")) target.focus();
  else target.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("[data-copied]")?.removeAttribute("hidden");
});

// A password can be looked at while it is typed; what is sent and kept by the browser is a password again.
function offerToShow(root) {
  for (const input of root.querySelectorAll("input[type=password]:not([data-can-show])")) {
    input.dataset.canShow = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small show-password";
    button.textContent = "Show password";
    button.setAttribute("aria-controls", input.id);
    button.setAttribute("aria-pressed", "false");
    const show = (isShown) => {
      input.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.addEventListener("click", () => show(input.type === "password"));
    input.form?.addEventListener("submit", () => show(false));
    input.after(button);
  }
}
offerToShow(document);
document.addEventListener("htmx:after:swap", () => offerToShow(document));

// What was told of a busy server goes with the next request that it answers.
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.status < 500) document.getElementById("unavailable")?.replaceChildren();
});

// An address that points at something folded away (an interview question) unfolds it.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView({ behavior: "instant" });
}
addEventListener("hashchange", unfold);
unfold();
