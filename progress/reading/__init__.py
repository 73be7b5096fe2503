"""What a learner has read: parts of topics, items of checklists."""
