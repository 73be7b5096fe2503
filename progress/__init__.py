"""What a learner has done, and where that leaves them."""
