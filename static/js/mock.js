// A mock interview: the clock and the pad are a quiz's, the board and the recorder its own.
import "./quiz.js";
import "./whiteboard.js";
import "./recorder.js";
