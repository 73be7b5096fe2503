import { isTroubled, saveNow } from "./autosave.js";
import "./ordering.js";

// The clock only shows what the server keeps: the seconds left when the page was made, counted down from there.
const clock = document.querySelector("[data-seconds-left]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.secondsLeft) * 1000;
  const face = clock.querySelector("[data-face]");
  const spoken = clock.querySelector("[data-spoken]");
  const two = (number) => String(number).padStart(2, "0");

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    face.textContent = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    clock.classList.toggle("low", left <= 60);
    if (left === 60) spoken.textContent = "One minute left";
    if (left > 0) return;
    clearInterval(timer);
    // What stands in the fields is sent at once: the server gives it two seconds.
    saveNow();
    // The server has closed the quiz by its own clock; its page now shows the results. Without a connection the page
    // stays, and what it goes on sending brings it there.
    setTimeout(() => isTroubled() || location.replace(clock.dataset.after), 2500);
  };
  const timer = setInterval(tick, 250);
  tick();
}
