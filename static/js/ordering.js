// Steps to put in order: dragged, or moved with ↑ and ↓ on their handles. The number fields of the form stay what
// is sent; here they only follow the order shown.
const moveTo = (list, item, place) => {
  const others = [...list.children].filter((child) => child !== item);
  list.insertBefore(item, others[place] ?? null);
};

const number = (list) => {
  [...list.children].forEach((item, index) => {
    item.querySelector("input").value = index + 1;
    item.querySelector(".handle").setAttribute("aria-label", `Step at place ${index + 1} of ${list.children.length}; press up or down to move it`);
  });
};

const changed = (list) => {
  number(list);
  list.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
};

const prepare = (list) => {
  if (list.classList.contains("sortable")) return;
  list.classList.add("sortable");
  const placed = [...list.children].filter((item) => item.querySelector("input").value);
  if (placed.length === list.children.length) {
    placed
      .sort((a, b) => Number(a.querySelector("input").value) - Number(b.querySelector("input").value))
      .forEach((item) => list.append(item));
  }
  [...list.children].forEach((item) => {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "handle";
    handle.textContent = "⠿";
    handle.setAttribute("aria-label", "Move this step; press up or down");
    item.querySelector(".place").hidden = true;
    item.prepend(handle);
    item.draggable = true;
  });
};

const prepareAll = () => document.querySelectorAll("[data-ordering]").forEach(prepare);

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const handle = event.target.closest?.(".sortable .handle");
  if (!step || !handle) return;
  event.preventDefault();
  const item = handle.closest("li");
  const list = item.parentElement;
  const place = [...list.children].indexOf(item) + step;
  if (place < 0 || place >= list.children.length) return;
  moveTo(list, item, place);
  changed(list);
  handle.focus();
});

let dragged = null;
let before = "";
const orderOf = (list) => [...list.children].map((item) => item.dataset.step).join();

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".sortable > li") ?? null;
  if (!dragged) return;
  before = orderOf(dragged.parentElement);
  event.dataTransfer.effectAllowed = "move";
  dragged.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".sortable > li");
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

// A question swapped in by htmx has its steps prepared as well.
new MutationObserver(prepareAll).observe(document.body, { childList: true, subtree: true });
prepareAll();
