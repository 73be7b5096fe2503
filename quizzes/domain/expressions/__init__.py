"""The formulas that learners type: read to a tree (never `eval`), typeset, evaluated and compared by numpy."""

from quizzes.domain.expressions.compare import Comparison, compare, dimensions_of, equivalent
from quizzes.domain.expressions.domains import Domain, parse_domain
from quizzes.domain.expressions.evaluate import evaluate_number
from quizzes.domain.expressions.latex import to_latex
from quizzes.domain.expressions.parser import parse
from quizzes.domain.expressions.tree import ExpressionError, Node

__all__ = [
    "Comparison",
    "Domain",
    "ExpressionError",
    "Node",
    "compare",
    "dimensions_of",
    "equivalent",
    "evaluate_number",
    "parse",
    "parse_domain",
    "to_latex",
]
