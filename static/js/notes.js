// Notes, the focus timer and the weekly review: what is typed is saved, a chosen link goes where the cursor is, and the
// time left is shown, as the server keeps it.
import "./autosave.js";

const body = document.getElementById("body");
const connect = document.getElementById("connect");
const insertLink = () => {
  const target = connect.value.trim();
  if (!target) return connect.focus();
  body.setRangeText(`[[${target}]]`, body.selectionStart, body.selectionEnd, "end");
  connect.value = "";
  body.focus();
  body.dispatchEvent(new Event("input", { bubbles: true }));
};
if (body && connect) {
  document.getElementById("connect-button").addEventListener("click", (event) => {
    event.preventDefault();
    insertLink();
  });
  connect.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    insertLink();
  });
  // What is chosen for a link is no edit of the note yet.
  for (const name of ["input", "change"]) connect.addEventListener(name, (event) => event.stopPropagation());
}

const focus = document.querySelector("[data-focus]");
if (focus) {
  const end = performance.now() + Number(focus.dataset.focus) * 1000;
  const face = focus.querySelector("[data-face]");
  const two = (number) => String(number).padStart(2, "0");

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const time = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    face.textContent = time;
    document.title = left ? `${time} ${focus.dataset.title}` : `Time is up: ${focus.dataset.title}`;
    if (left) return;
    clearInterval(timer);
    location.reload();
  };
  const timer = setInterval(tick, 500);
  tick();
}
