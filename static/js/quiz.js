import "./ordering.js";

// What is saved by itself must not reach the server behind what a button sends after it: the button waits for it,
// but not for a connection that is gone.
const LONGEST_WAIT = 2000;
let saving = 0;
let send = null;
const sendNow = () => {
  const waiting = send;
  send = null;
  waiting?.();
};
document.addEventListener("htmx:before:request", () => (saving += 1));
document.addEventListener("htmx:finally:request", () => {
  saving = Math.max(0, saving - 1);
  setTimeout(() => saving || sendNow());
});
document.addEventListener("submit", (event) => {
  if (!saving || !event.target.matches("[hx-post]") || !event.submitter) return;
  event.preventDefault();
  const { target: form, submitter } = event;
  send = () => {
    saving = 0;
    form.requestSubmit(submitter);
  };
  setTimeout(sendNow, LONGEST_WAIT);
});

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
    document.querySelector("form[hx-post]")?.dispatchEvent(new Event("change", { bubbles: true }));
    // The server has closed the quiz by its own clock; its page now shows the results.
    setTimeout(() => location.replace(clock.dataset.after), 2500);
  };
  const timer = setInterval(tick, 250);
  tick();
}
