"""Generated questions on vectors and matrices."""

from math import sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, matrix, num, signed, summed, term, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)
EXACT = Tolerance(exact=True)


def _pair(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    a, b = rng.integers(-4, 6, 3), rng.integers(-4, 6, 3)
    if not (a @ b) or not a.any() or not b.any() or not np.cross(a, b).any():
        raise Redraw("orthogonal or parallel")
    return a, b


def _dot_terms(a: np.ndarray, b: np.ndarray) -> str:
    return " + ".join(f"{signed(int(x))}\\cdot{signed(int(y))}" for x, y in zip(a, b, strict=True))


@generator("cosine-similarity", concept="MATH-002", difficulty=1, title="Cosine similarity", version=2)
def cosine_similarity(rng: np.random.Generator) -> Draw:
    """Cosine similarity of two vectors."""
    a, b = _pair(rng)
    dot, na, nb = int(a @ b), float(np.linalg.norm(a)), float(np.linalg.norm(b))
    return Draw(
        prompt=f"What is the cosine similarity of $a = {vector(a)}$ and $b = {vector(b)}$?",
        answer=dot / (na * nb),
        tolerance=CLOSE,
        mistakes=(
            Mistake(dot, "That is the dot product; divide by both lengths."),
            Mistake(dot / (na * nb) ** 2, "Divide by the lengths, not by their squares."),
            Mistake(1 - dot / (na * nb), "That is the cosine **distance**."),
        ),
        solution=f"$a\\cdot b = {_dot_terms(a, b)} = {dot}$, $\\|a\\| = {num(na)}$, $\\|b\\| = {num(nb)}$.\n\n"
        f"$$\\frac{{{dot}}}{{{num(na)}\\cdot{num(nb)}}} = {num(dot / (na * nb))}$$",
    )


@generator("scalar-projection", concept="MATH-001", difficulty=1, title="Scalar projection", version=2)
def scalar_projection(rng: np.random.Generator) -> Draw:
    """Scalar projection of one vector on another."""
    a, b = _pair(rng)
    dot, na, nb = int(a @ b), float(np.linalg.norm(a)), float(np.linalg.norm(b))
    return Draw(
        prompt=f"What is the scalar projection of $a = {vector(a)}$ **on** $b = {vector(b)}$ (signed)?",
        answer=dot / nb,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(dot / na, "That projects $b$ on $a$: divide by the length of the vector projected on."),
            Mistake(dot / nb**2, "That is the factor of the vector projection $\\frac{a\\cdot b}{\\|b\\|^2} b$."),
            Mistake(dot / (na * nb), "That is the cosine; the projection is $\\|a\\|\\cos\\theta$."),
        ),
        solution=f"$$\\frac{{a\\cdot b}}{{\\|b\\|}} = \\frac{{{_dot_terms(a, b)}}}{{\\sqrt{{{int(b @ b)}}}}} = \\frac{{{dot}}}{{{num(nb)}}} = {num(dot / nb)}$$",
    )


@generator("distance-from-cosine", concept="MATH-002", difficulty=2, title="Distance from a cosine", version=2)
def distance_from_cosine(rng: np.random.Generator) -> Draw:
    """Euclidean distance of unit vectors from their cosine."""
    cosine = int(rng.integers(-90, 96)) / 100
    distance = sqrt(2 - 2 * cosine)
    if cosine == 0 or abs(distance - 1) < 0.02:
        raise Redraw("a special case")
    return Draw(
        prompt=f"Two embeddings of length 1 have cosine similarity {num(cosine)}. How far apart are they in **Euclidean distance**?",
        answer=distance,
        tolerance=CLOSE,
        mistakes=(
            Mistake(2 - 2 * cosine, "That is the squared distance."),
            Mistake(1 - cosine, "That is the cosine distance."),
            Mistake(sqrt(2 + 2 * cosine), "That is the length of their sum."),
        ),
        solution=f"$\\|a-b\\|^2 = \\|a\\|^2 + \\|b\\|^2 - 2a\\cdot b = 2 - 2\\cdot{signed(cosine)} = {num(2 - 2 * cosine)}$, so the distance is "
        f"{num(distance)}. For unit vectors both orders of neighbours are the same.",
    )


@generator("matrix-product-entry", concept="MATH-003", difficulty=1, title="An entry of a matrix product", version=2)
def matrix_product_entry(rng: np.random.Generator) -> Draw:
    """One entry of the product of two small matrices."""
    a, b = rng.integers(-4, 6, (2, 3)), rng.integers(-4, 6, (3, 2))
    i, j = (int(index) for index in rng.integers(0, 2, 2))
    value, other = int((a @ b)[i, j]), int((a @ b)[j, i])
    if value == 0:
        raise Redraw("zero")
    return Draw(
        prompt=f"$A = {matrix(a)}$ and $B = {matrix(b)}$. What is $(AB)_{{{i + 1}{j + 1}}}$ (row, column, counted from 1)?",
        answer=value,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                other if i != j else int((a @ b)[1 - i, 1 - j]),
                "That is another entry: row of $A$ first, column of $B$ second.",
            ),
            Mistake(int((a.T[:2, :2] @ b.T[:2, :2])[i, j]), "Rows of the left matrix meet columns of the right one."),
        ),
        solution=f"Row {i + 1} of $A$ times column {j + 1} of $B$:\n\n$${_dot_terms(a[i], b[:, j])} = {value}$$",
    )


@generator("matrix-chain-cost", concept="MATH-003", difficulty=2, title="Order of a chain of products")
def matrix_chain_cost(rng: np.random.Generator) -> Draw:
    """Cheapest multiplication count of three matrices."""
    m, k, n, p = (5 * int(size) for size in rng.integers(1, 21, 4))
    first, second = m * k * n + m * n * p, k * n * p + m * k * p
    if first == second:
        raise Redraw("both orders cost the same")
    best = min(first, second)
    return Draw(
        prompt=f"$A$ is ${m}\\times{k}$, $B$ is ${k}\\times{n}$, $C$ is ${n}\\times{p}$. How many scalar multiplications does the "
        "**cheaper** order of $ABC$ take (ordinary products)?",
        answer=best,
        tolerance=EXACT,
        mistakes=(
            Mistake(max(first, second), "That is the dearer order."),
            Mistake(m * k * n * p, "Two products are made one after the other: their costs add."),
            Mistake(m * k * n if first < second else k * n * p, "The second product costs something too."),
        ),
        solution=f"$(AB)C$: ${m}\\cdot{k}\\cdot{n} + {m}\\cdot{n}\\cdot{p} = {first}$. $A(BC)$: ${k}\\cdot{n}\\cdot{p} + {m}\\cdot{k}\\cdot{p} = {second}$. "
        f"The cheaper is **{best}**: keep the matrix in between small.",
    )


@generator(
    "symmetric-eigenvalue", concept="MATH-004", difficulty=2, title="Larger eigenvalue of a symmetric matrix", version=2
)
def symmetric_eigenvalue(rng: np.random.Generator) -> Draw:
    """Larger eigenvalue of a symmetric 2 x 2 matrix."""
    a, b, c = int(rng.integers(-3, 8)), int(rng.integers(-3, 8)), int(rng.choice([-3, -2, -1, 1, 2, 3]))
    root = sqrt((a - b) ** 2 + 4 * c * c)
    value = (a + b + root) / 2
    terms = [r"\lambda^2", term(-a - b, r"\lambda") if a + b else "", num(a * b - c * c) if a * b != c * c else ""]
    equation = summed(filter(None, terms))
    return Draw(
        prompt=f"What is the larger eigenvalue of $\\begin{{pmatrix}} {a} & {c} \\\\ {c} & {b} \\end{{pmatrix}}$?",
        answer=value,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(max(a, b), "The diagonal holds the eigenvalues only if the rest is 0."),
            Mistake((a + b - root) / 2, "That is the smaller one."),
            Mistake(a + b + root, "The quadratic formula divides by 2."),
        ),
        solution=f"Trace ${a + b}$, determinant ${a * b - c * c}$: ${equation} = 0$.\n\n"
        f"$$\\lambda = \\frac{{{a + b} + \\sqrt{{{(a - b) ** 2 + 4 * c * c}}}}}{{2}} = {num(value)}$$",
    )


@generator("explained-variance-ratio", concept="MATH-004", difficulty=2, title="Explained variance of PCA")
def explained_variance_ratio(rng: np.random.Generator) -> Draw:
    """Explained variance ratio of the first component in two dimensions."""
    a, b, c = int(rng.integers(2, 10)), int(rng.integers(2, 10)), int(rng.choice([-2, -1, 1, 2]))
    if a * b <= c * c:
        raise Redraw("no covariance matrix")
    top = (a + b + sqrt((a - b) ** 2 + 4 * c * c)) / 2
    return Draw(
        prompt=f"Two features have the covariance matrix $\\begin{{pmatrix}} {a} & {c} \\\\ {c} & {b} \\end{{pmatrix}}$. Which share of the "
        "total variance does the first principal component explain?",
        answer=top / (a + b),
        tolerance=CLOSE,
        mistakes=(
            Mistake(max(a, b) / (a + b), "That is the larger feature's share; the component also uses the covariance."),
            Mistake(
                top**2 / (top**2 + (a + b - top) ** 2),
                "Eigenvalues of the covariance are variances already; they are not squared.",
            ),
            Mistake(1 - top / (a + b), "That is what the second component explains."),
        ),
        solution=f"The larger eigenvalue is {num(top)}, the trace {a + b}:\n\n$$\\frac{{{num(top)}}}{{{a + b}}} = {num(top / (a + b))}$$",
    )


@generator("low-rank-error", concept="MATH-005", difficulty=2, title="Error of a low-rank approximation", version=2)
def low_rank_error(rng: np.random.Generator) -> Draw:
    """Relative Frobenius error of the best rank-k approximation."""
    s = sorted((int(value) for value in rng.choice(np.arange(1, 13), 4, replace=False)), reverse=True)
    k = int(rng.integers(1, 4))
    total, rest = sum(x * x for x in s), sum(x * x for x in s[k:])
    return Draw(
        prompt=f"A matrix has the singular values {listed(s)}. What is the **relative** Frobenius error "
        f"$\\|A - A_{k}\\|_F / \\|A\\|_F$ of its best approximation of rank {k}?",
        answer=sqrt(rest / total),
        tolerance=CLOSE,
        mistakes=(
            Mistake(rest / total, "That is the squared error; the norm takes a root."),
            Mistake(sum(s[k:]) / sum(s), "Frobenius norms add squares of singular values."),
            Mistake(sqrt((total - rest) / total), "That is the share that is kept."),
        ),
        solution="The error consists of the singular values left out (Eckart and Young):\n\n"
        f"$$\\sqrt{{\\frac{{{' + '.join(f'{x}^2' for x in s[k:])}}}{{{' + '.join(f'{x}^2' for x in s)}}}}} = \\sqrt{{\\frac{{{rest}}}{{{total}}}}} = {num(sqrt(rest / total))}$$",
    )
