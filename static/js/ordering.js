// Steps to put in order: dragged, or moved with ↑ and ↓ on their handles. What is sent stays in the number fields,
// which follow the order shown; without this script they are filled in by hand.
document.documentElement.classList.add("scripted");

const orderOf = (list) => [...list.children].map((item) => item.dataset.step).join();

const changed = (list) => {
  [...list.children].forEach((item, index) => {
    item.querySelector("[data-place]").value = index + 1;
  });
  list.querySelector("[data-place]").dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const handle = event.target.closest?.("[data-ordering] .handle");
  if (!step || !handle) return;
  event.preventDefault();
  const item = handle.closest("li");
  const neighbour = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return;
  // The neighbour moves and not the item, so that the handle keeps the focus.
  item[step < 0 ? "after" : "before"](neighbour);
  changed(item.parentElement);
});

let dragged = null;
let before = "";

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-ordering] > li") ?? null;
  if (!dragged) return;
  before = orderOf(dragged.parentElement);
  event.dataTransfer.effectAllowed = "move";
  dragged.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-ordering] > li");
  if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY > top + height / 2 ? "after" : "before"](dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  const list = dragged.parentElement;
  dragged.classList.remove("dragged");
  dragged = null;
  if (orderOf(list) !== before) changed(list);
});
