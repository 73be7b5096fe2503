"""Timed quizzes: an attempt, its clock, its answers, its review."""
