"""The syllabus: what others ask of a candidate, bullet by bullet, and where the app covers it."""
