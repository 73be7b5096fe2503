"""Mock interviews: a script, the clock, a pad, a whiteboard, code; then what one would say of it."""
