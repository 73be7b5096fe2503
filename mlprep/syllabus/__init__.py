"""The syllabus page: what is asked of a candidate, what covers it, and how far the learner is."""
