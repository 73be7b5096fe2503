"""The study plan, and what it is asked to hold."""
