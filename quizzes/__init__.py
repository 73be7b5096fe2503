"""How a learner practises."""
