"""Pure Python: question kinds, grading, the clock. No Django here."""
