"""What counts more for the role that a learner goes for."""

from concepts.models import Concept
from progress.accounts.models import User
from progress.plans.models import StudyPlan
from progress.plans.shelf import plans


def concepts_of_role(learner: User) -> frozenset[int]:
    """The concepts of the topics that interviews for the role of the learner's plan dwell on; none without a role."""
    role = StudyPlan.objects.of(learner).values_list("role", flat=True).first()
    topics = next((known.topics for known in plans().roles if known.key == role), [])
    return (
        frozenset(Concept.objects.filter(topics__slug__in=topics).values_list("pk", flat=True))
        if topics
        else frozenset()
    )
