"""The weekly review's pages: the learner's answers beside the week's facts from every room."""
