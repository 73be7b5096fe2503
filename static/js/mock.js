// A mock interview: the clock and the pad are a quiz's, the board and the recorder its own.
import "./quiz.js";
import "./recorder.js";
import "./whiteboard.js";

// What the interviewer says next comes into sight, and the keyboard stays there where its button is gone.
const talk = document.getElementById("talk");
document.addEventListener("htmx:after:swap", () => {
  if (!talk || !talk.isConnected) return;
  if (document.activeElement === document.body) talk.focus({ preventScroll: true });
  if (talk.contains(document.activeElement)) document.getElementById("next")?.scrollIntoView({ block: "nearest" });
});
