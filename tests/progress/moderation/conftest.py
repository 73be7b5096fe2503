"""A concept with a comment of Alice's."""

import pytest

from progress.models import Comment
from tests.factories import make_comment, make_concept


@pytest.fixture
def concept(db):
    return make_concept("MATH-001")


@pytest.fixture
def comment(concept, alice) -> Comment:
    return make_comment(concept, alice, "Buy my course")
