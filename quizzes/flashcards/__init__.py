"""Flashcards: what they say, where each learner's memory stands, and what comes next."""
