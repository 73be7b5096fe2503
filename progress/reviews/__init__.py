"""The weekly review: four questions about the week, and what needs more work."""
