"""How much of a right answer is knowledge."""


def chance_of_knowing(recall: float, guess_chance: float) -> float:
    """Probability that a right answer came from memory and not from a guess, by Bayes' theorem.

    recall: probability of recall before the answer, 0 to 1. guess_chance: that a blind guess is right, below 1.
    Source: the three-parameter logistic model's guessing, A. Birnbaum, 1968.
    """
    right = recall + (1 - recall) * guess_chance
    return recall / right if right > 0 else 0.0
