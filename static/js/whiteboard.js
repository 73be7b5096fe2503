// The whiteboard: drawn with pen, finger or mouse, saved by itself as strokes; the server draws the SVG that is kept.
import { along, drawStroke, packed, svgElement, touches, unpacked } from "./strokes.js";

const SAVE_DELAY = 700;
const RETRY_DELAY = 4000;
const NEAREST = 6;
const REACH = 30;
const STEPS_KEPT = 200;

const section = document.querySelector("[data-whiteboard]");

const open = (section) => {
  const facts = JSON.parse(section.dataset.facts);
  const form = section.closest("form");
  const place = section.querySelector("[data-board]");
  const say = (text) => {
    section.querySelector("[data-board-state]").textContent = text || "\u00a0";
  };
  const svg = svgElement("svg", { class: "drawing", role: "img", fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" });
  const groups = new WeakMap();
  let board = { height: facts.board.height, strokes: facts.board.strokes.map(unpacked) };
  let past = [];
  let future = [];
  let chosen = { colour: 0, width: 1, erases: false };
  let active = null;
  let hasPen = false;
  let timer = null;
  let isSaving = false;
  let isDirty = false;

  const groupOf = (stroke) => {
    if (!groups.has(stroke)) groups.set(stroke, drawStroke(stroke, facts.widths));
    return groups.get(stroke);
  };
  const show = () => {
    const count = board.strokes.length;
    svg.setAttribute("viewBox", `0 0 ${facts.width} ${board.height}`);
    svg.setAttribute("aria-label", `Whiteboard with ${count} stroke${count === 1 ? "" : "s"}`);
    svg.replaceChildren(...board.strokes.map(groupOf));
    const may = { undo: past.length, redo: future.length, clear: count, grow: board.height < facts.max_height };
    for (const [act, able] of Object.entries(may)) section.querySelector(`[data-act=${act}]`).setAttribute("aria-disabled", able ? "false" : "true");
  };

  const asSent = () => JSON.stringify({ height: board.height, strokes: board.strokes.map(packed) });
  const request = (body, keepalive = false) =>
    fetch(section.dataset.save, {
      method: "POST",
      body,
      keepalive,
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  const save = async () => {
    clearTimeout(timer);
    timer = null;
    // One after another, or an older drawing could arrive behind a newer one.
    if (isSaving || !isDirty) return;
    isSaving = true;
    isDirty = false;
    try {
      const response = await request(asSent());
      if (response.ok && !response.redirected) say("Drawing saved");
      else if (response.redirected || response.status === 403) {
        // Once one has signed in elsewhere, the form finds its new token and the drawing goes with it.
        say("Not saved: you are signed out.");
        isDirty = true;
        later(RETRY_DELAY);
      } else if (response.status < 500) say(`Not saved: ${(await response.json()).detail}`);
      else throw new Error("server");
    } catch {
      say("Not saved: no connection. Trying again.");
      isDirty = true;
      later(RETRY_DELAY);
    }
    isSaving = false;
    // What was drawn meanwhile found the line busy.
    if (isDirty && timer === null) later(SAVE_DELAY);
  };
  const change = (next) => {
    past = [...past.slice(-STEPS_KEPT), board];
    future = [];
    board = next;
    changed();
  };
  const changed = () => {
    show();
    isDirty = true;
    say("");
    later(SAVE_DELAY);
  };

  const placeOf = (event) => {
    const box = svg.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
    return [
      within(((event.clientX - box.left) / box.width) * facts.width, facts.width),
      within(((event.clientY - box.top) / box.height) * board.height, board.height),
    ];
  };
  const extend = (event) => {
    const at = placeOf(event);
    const { points, pressures } = active.stroke;
    const before = points.at(-1);
    if (before && Math.hypot(at[0] - before[0], at[1] - before[1]) < NEAREST) return;
    points.push(at);
    // A mouse tells no pressure, and some pens tell none either.
    if (active.presses) pressures.push(Math.max(1, Math.min(9, Math.round(event.pressure * 8) + 1)));
  };
  const erase = (event) => {
    const at = placeOf(event);
    // A quick hand leaves gaps between what the browser tells.
    const between = along(active.last ?? at, at, REACH);
    active.last = at;
    const left = board.strokes.filter((stroke) => !between.some((place) => touches(stroke, place, REACH, facts.widths)));
    if (left.length === board.strokes.length) return;
    // One pass of the eraser is one step to take back.
    if (active.hasErased) {
      board = { ...board, strokes: left };
      changed();
    } else change({ ...board, strokes: left });
    active.hasErased = true;
  };
  const isFull = () => board.strokes.length >= facts.max_strokes || board.strokes.reduce((sum, { points }) => sum + points.length, 0) >= facts.max_points;

  svg.addEventListener("pointerdown", (event) => {
    if (active || event.button > 0 && event.pointerType === "mouse") return;
    hasPen ||= event.pointerType === "pen";
    // Beside a pen, touch is the palm of the hand.
    if (hasPen && event.pointerType === "touch") return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    const erases = chosen.erases || (event.buttons & 32) !== 0;
    if (!erases && isFull()) return say("The board is full. Erase something, or go on on the pad.");
    active = { id: event.pointerId, erases, presses: event.pointerType === "pen" && event.pressure > 0 };
    if (erases) return erase(event);
    active.stroke = { colour: chosen.colour, width: chosen.width, points: [], pressures: [] };
    active.group = svgElement("g", {});
    extend(event);
    svg.append(drawStroke(active.stroke, facts.widths, active.group));
  });
  svg.addEventListener("pointermove", (event) => {
    if (active?.id !== event.pointerId) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) active.erases ? erase(move) : extend(move);
    if (!active.erases) drawStroke(active.stroke, facts.widths, active.group);
  });
  const end = (event) => {
    if (active?.id !== event.pointerId) return;
    const { erases, stroke } = active;
    active = null;
    if (!erases) change({ ...board, strokes: [...board.strokes, stroke] });
  };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);

  const press = (selector, pressed) => {
    for (const button of section.querySelectorAll(selector)) button.setAttribute("aria-pressed", button === pressed ? "true" : "false");
  };
  const step = (from, to) => {
    if (!from.length) return;
    to.push(board);
    board = from.pop();
    changed();
  };
  const acts = {
    undo: () => step(past, future),
    redo: () => step(future, past),
    clear: () => board.strokes.length && change({ ...board, strokes: [] }),
    grow: () => board.height < facts.max_height && change({ ...board, height: Math.min(facts.max_height, board.height + facts.height) }),
  };
  const choose = (what) => {
    chosen = { ...chosen, ...what };
    section.querySelector("[data-tool=eraser]").setAttribute("aria-pressed", String(chosen.erases));
    place.classList.toggle("erases", chosen.erases);
  };
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { colour, pen, tool, act } = button.dataset;
    if (colour) press("[data-colour]", button);
    if (pen) press("[data-pen]", button);
    if (colour) choose({ colour: Number(colour), erases: false });
    else if (pen) choose({ width: Number(pen), erases: false });
    else if (tool) choose({ erases: !chosen.erases });
    else acts[act]?.();
  });
  section.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    acts[event.shiftKey ? "redo" : "undo"]();
  });

  // What a clock that ends, a button or the end of the page asks for is not lost.
  form.addEventListener("autosave", save);
  form.addEventListener("submit", save);
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => isDirty && request(asSent(), true));
  place.append(svg);
  show();
};

if (section) {
  section.closest("[hidden]").hidden = false;
  open(section);
}
