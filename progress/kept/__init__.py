"""Texts that could not be stored without overwriting another, kept until their learner decides."""
