"""Generated questions on entropy and Gini impurity."""

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import counted, listed, num
from quizzes.domain.numbers import Tolerance


@generator("entropy-of-counts", concept="ML-008", difficulty=1, title="Entropy of a node")
def entropy_of_counts(rng: np.random.Generator) -> Draw:
    """Shannon entropy in bits of three class counts."""
    counts = [int(count) for count in rng.integers(1, 12, 3)]
    if len(set(counts)) < 2:
        raise Redraw("equal counts make it log2(3)")
    p = np.array(counts) / sum(counts)
    bits = float(-(p * np.log2(p)).sum())
    terms = " - ".join(
        rf"\tfrac{{{count}}}{{{sum(counts)}}}\log_2\tfrac{{{count}}}{{{sum(counts)}}}" for count in counts
    )
    return Draw(
        prompt=f"A tree node holds {listed(counts)} examples of three classes. What is its entropy **in bits**?",
        answer=bits,
        tolerance=Tolerance(absolute=0.01),
        unit="bits",
        mistakes=(
            Mistake(
                bits * float(np.log(2)),
                "That is the entropy in nats: you took the natural logarithm, and bits need base 2.",
            ),
            Mistake(
                float(1 - (p**2).sum()),
                "That is the Gini impurity $1 - \\sum p_k^2$ of the node, not its entropy.",
            ),
        ),
        solution=f"With $p_k$ the share of each class, $H = -\\sum_k p_k \\log_2 p_k$. Here\n\n"
        f"$$H = -{terms} = {num(bits)}\\text{{ bits}}.$$\n\n"
        f"The most that three classes can have is $\\log_2 3 = {num(np.log2(3))}$ bits, when all are equally frequent.",
    )


@generator("gini-of-counts", concept="ML-009", difficulty=1, title="Gini impurity of a node", version=2)
def gini_of_counts(rng: np.random.Generator) -> Draw:
    """Gini impurity of three class counts."""
    counts = [int(count) for count in rng.integers(1, 12, 3)]
    if len(set(counts)) < 2:
        raise Redraw("equal counts make it 2/3")
    total = sum(counts)
    p = np.array(counts) / total
    squares = float((p**2).sum())
    return Draw(
        prompt=f"A tree node holds {listed(counts)} examples of three classes. What is its Gini impurity?",
        answer=1 - squares,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(squares, "That is $\\sum p_k^2$, the chance that two draws agree; the impurity is 1 minus it."),
            Mistake(
                float(1 - p.max()),
                "That is the error rate of the majority class. Gini counts every class: $1 - \\sum p_k^2$.",
            ),
        ),
        solution=f"The shares are ${', '.join(rf'{count}/{total}' for count in counts)}$, so\n\n"
        f"$$1 - \\sum_k p_k^2 = 1 - \\frac{{{' + '.join(f'{count}^2' for count in counts)}}}{{{total}^2}} "
        f"= 1 - {num(squares)} = {num(1 - squares)}.$$\n\n"
        "It is the chance that two examples drawn with replacement are of different classes.",
    )


def _entropy(counts: np.ndarray) -> float:
    p = counts[counts > 0] / counts.sum()
    return float(-(p * np.log2(p)).sum())


def _gini(counts: np.ndarray) -> float:
    return float(1 - ((counts / counts.sum()) ** 2).sum())


def _split(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    left, right = rng.integers(1, 12, 2), rng.integers(1, 12, 2)
    if left.sum() == right.sum() or left[0] * right[1] == left[1] * right[0]:
        raise Redraw("equal sizes, or nothing gained")
    return left, right


@generator("information-gain", concept="ML-007", difficulty=2, title="Information gain of a split", version=3)
def information_gain(rng: np.random.Generator) -> Draw:
    """Information gain of a binary split in bits."""
    left, right = _split(rng)
    parent, a, b = _entropy(left + right), _entropy(left), _entropy(right)
    n, total = left.sum(), left.sum() + right.sum()
    children = float((n * a + (total - n) * b) / total)
    gain = parent - children
    if gain < 0.03:
        raise Redraw("hardly any gain")
    return Draw(
        prompt=f"A split sends {left[0]} positive and {left[1]} negative examples to the left, {right[0]} positive and {right[1]} "
        "negative to the right. What is its information gain **in bits**?",
        answer=gain,
        tolerance=Tolerance(absolute=0.003),
        unit="bits",
        mistakes=(
            Mistake(parent - (a + b) / 2, "The children are weighted by their share of the examples, not equally."),
            Mistake(children, "That is the entropy left after the split; the gain is what it takes away."),
            Mistake(gain * float(np.log(2)), "Those are nats; bits take the logarithm to base 2."),
        ),
        solution=f"Parent ${left[0] + right[0]}:{left[1] + right[1]}$ has {counted(parent, 'bit')}, the children {num(a)} and {num(b)}.\n\n"
        f"$${num(parent)} - \\left(\\tfrac{{{n}}}{{{total}}}\\cdot{num(a)} + \\tfrac{{{total - n}}}{{{total}}}\\cdot{num(b)}\\right) = {num(gain)}$$",
    )


@generator("gini-decrease", concept="ML-009", difficulty=2, title="Gini decrease of a split", version=3)
def gini_decrease(rng: np.random.Generator) -> Draw:
    """Decrease of Gini impurity by a binary split."""
    left, right = _split(rng)
    parent, a, b = _gini(left + right), _gini(left), _gini(right)
    n, total = left.sum(), left.sum() + right.sum()
    children = float((n * a + (total - n) * b) / total)
    if parent - children < 0.02:
        raise Redraw("hardly any gain")
    return Draw(
        prompt=f"A split sends {left[0]} positive and {left[1]} negative examples to the left, {right[0]} positive and {right[1]} "
        "negative to the right. By how much does it lower the Gini impurity (children weighted by size)?",
        answer=parent - children,
        tolerance=Tolerance(absolute=0.002),
        mistakes=(
            Mistake(children, "That is the impurity of the children; the decrease is the parent's minus it."),
            Mistake(parent - (a + b) / 2, "The children are weighted by their share of the examples."),
            Mistake((parent - children) / 2, "With two classes Gini is $2p(1-p)$, not $p(1-p)$."),
        ),
        solution=f"Parent {num(parent)}, children {num(a)} and {num(b)}.\n\n"
        f"$${num(parent)} - \\left(\\tfrac{{{n}}}{{{total}}}\\cdot{num(a)} + \\tfrac{{{total - n}}}{{{total}}}\\cdot{num(b)}\\right) = {num(parent - children)}$$",
    )
