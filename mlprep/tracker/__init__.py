"""The tracker pages: concepts composed with what the learner has done."""
