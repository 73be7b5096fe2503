"""The study plan: what is to be learnt, laid on a learner's days. Plain Python; days are the learner's own dates."""
