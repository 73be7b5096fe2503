"""The checks see a leak: each model's owner filter is taken out in turn, and each time one of them turns red.

All queries ask by these filters, but for SQL, whose conditions are taken out in turn too
(tests/security/test_sql_filters.py).
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from progress.comments.models import CommentQuerySet
from progress.comments.services import post_comment
from progress.notes.models import NoteQuerySet
from progress.plans.models import StudyPlanQuerySet
from quizzes.attempts.selection import Selection
from quizzes.flashcards.fitting import undo_fit
from quizzes.flashcards.models import FlashcardSettings
from quizzes.mocks.queries import MockInterviewQuerySet
from tests.security.access import OTHERS, OWN, TABLE
from tests.security.checking import access_faults, clients_of, interference, page_of, undone
from tests.security.world import WORD, Hers, Library, arguments
from tests.security.writes import everything, sent_by, write

pytestmark = pytest.mark.same_anywhere

CAUGHT_BY = {
    "ApiTokenQuerySet": ["account_token_revoke", "account_tokens"],
    "AttemptQuestionQuerySet": ["asked before"],
    "AttemptQuerySet": ["quizzes:attempt", "api-quiz", "quizzes:list"],
    "CardEventQuerySet": ["flashcards:statistics"],
    "CardQuerySet": ["quizzes:make_card"],
    "CardTextQuerySet": ["flashcards:review"],
    "CommentQuerySet": ["the same key"],
    "CommentReportQuerySet": ["concepts:detail"],
    "ConceptMemoryQuerySet": ["api-progress-concepts"],
    "ConceptStatusQuerySet": ["api-progress-concepts"],
    "EvidenceQuerySet": ["today"],
    "ExerciseRunQuerySet": ["exercises:run-state", "api-exercise-run"],
    "ExerciseWorkQuerySet": ["exercises:detail"],
    "FlashcardSettingsQuerySet": ["another's weights"],
    "FocusQuerySet": ["focus:change", "api-focus-session", "focus:timer"],
    "ItemDoneQuerySet": ["guides:detail"],
    "KeptTextQuerySet": ["notes:kept"],
    "LearnerCardQuerySet": ["flashcards:act", "flashcards:edit", "api-card-review", "flashcards:browse"],
    "MockInterviewQuerySet": ["mocks:interview", "api-mock", "mocks:history"],
    "MockRunQuerySet": ["mocks:run-state", "api-mock-run"],
    "NoteQuerySet": ["notes:concept", "api-notes", "notes:list"],
    "PartReadQuerySet": ["topics:detail"],
    "PlanTaskQuerySet": ["plan:task", "api-plan-task-done"],
    "ReviewRequestQuerySet": ["plan:moves"],
    "StudyPlanQuerySet": ["plan:calendar", "api-plan", "plan:setup"],
    "WeeklyReviewQuerySet": ["reviews:list", "api-reviews"],
    "WeightsFitQuerySet": ["flashcards:undo_fit", "flashcards:model"],
}
"""The routes that lean on each filter most; the whole table would take half a minute for each of them."""

GUARDED_TWICE = {
    "KeptTextQuerySet": NoteQuerySet,
    "MockRunQuerySet": MockInterviewQuerySet,
    "PlanTaskQuerySet": StudyPlanQuerySet,
}
"""What stands behind another filter: that one is taken out first, and the inner one still holds."""

FILTERS = [
    *(
        (queryset, "of")
        for queryset in sorted({type(model._default_manager.all()) for model in apps.get_models()}, key=str)
        if hasattr(queryset, "of")
    ),
    (CommentQuerySet, "visible_to"),
    (CommentQuerySet, "editable_by"),
    (CommentQuerySet, "reportable_by"),
]
COMMENTS = {
    "visible_to": ["concepts:detail", "api-concept-comments"],
    "editable_by": ["comments:edit", "api-comment"],
    "reportable_by": ["moderation:report", "api-comment-reports"],
}


class Stage:
    def __init__(self, *users: Any) -> None:
        self.alice, self.bob, _, mona = users
        self.people = clients_of(*users)
        for client in self.people.values():
            # Whatever fails is as red as what leaks.
            client.raise_request_exception = False
        self.library = Library(mona)

    def found_by(self, route: str, who: list[str]) -> bool:
        """Whether one of the checks of this route turns red."""
        if check := WITHOUT_A_PAGE.get(route):
            with undone():
                return check(self)
        access = set(TABLE[route].values())
        if route == "quizzes:make_card":
            return self._nothing_made(route)
        if route == "plan:moves":
            return self._differs(route)
        try:
            if access & {OWN, OTHERS}:
                with undone():
                    hers = Hers(self.alice, self.library)
                    path = reverse(route, kwargs=arguments(route, self.alice, self.library, hers))
                    return bool(access_faults(route, path, self.people, who))
            return bool(interference([route], self.alice, self.library, self.people, who))
        except AssertionError:
            return True

    def _nothing_made(self, route: str) -> bool:
        """Whether Bob's write makes nothing because Alice has the like."""
        with undone():
            Hers(self.alice, self.library)
            his = Hers(self.bob, self.library, with_cards=False)
            before = everything()
            path = reverse(route, kwargs=arguments(route, self.bob, self.library, his))
            write(self.people["bob"], "POST", path, sent_by(route, his, self.library))
            return everything() == before

    def _differs(self, route: str) -> bool:
        """Whether Bob's page changes by what Alice has, where he has the like."""
        with undone():
            Hers(self.bob, self.library)
            before = page_of(self.people["bob"], reverse(route))
            Hers(self.alice, self.library)
            return page_of(self.people["bob"], reverse(route)) != before


def _asked_before(stage: Stage) -> bool:
    """Whether Bob is not asked anew what Alice was asked."""
    Hers(stage.alice, stage.library)
    return stage.library.question not in Selection(focus="new").candidates(stage.bob)


def _the_same_key(stage: Stage) -> bool:
    """Whether Bob's comment is taken for Alice's, whose page made the same key."""
    said = {"concept": stage.library.concept, "body": WORD, "key": "the-same-key", "now": timezone.now()}
    post_comment(author=stage.alice, **said)
    try:
        return post_comment(author=stage.bob, **said).author != stage.bob
    except IntegrityError:
        return True


def _anothers_weights(stage: Stage) -> bool:
    """Whether Bob's weights change when Alice undoes a fit."""
    fit = Hers(stage.alice, stage.library).fit
    for learner in (stage.alice, stage.bob):
        FlashcardSettings.objects.create(learner=learner, weights=[1.0], weights_version=fit.pk)
    undo_fit(fit=fit)
    return FlashcardSettings.objects.get(learner=stage.bob).weights != [1.0]


WITHOUT_A_PAGE = {
    "asked before": _asked_before,
    "the same key": _the_same_key,
    "another's weights": _anothers_weights,
}
"""Where no page of somebody else's would show the leak."""


@pytest.fixture
def stage(alice, bob, milo, mona) -> Stage:
    return Stage(alice, bob, milo, mona)


@pytest.mark.parametrize(("queryset", "method"), FILTERS, ids=lambda part: getattr(part, "__name__", part))
def test_taking_out_an_owner_filter_turns_a_check_red(queryset, method, stage, monkeypatch):
    routes = CAUGHT_BY[queryset.__name__] if method == "of" else COMMENTS[method]
    who = ["bob"] if method == "of" else ["alice", "bob", "mona"]
    if outer := GUARDED_TWICE.get(queryset.__name__):
        monkeypatch.setattr(outer, "of", lambda self, learner: self)
    assert not any(stage.found_by(route, who) for route in routes)
    monkeypatch.setattr(queryset, method, lambda self, learner: self)
    missed = [route for route in routes if not stage.found_by(route, who)]
    assert missed == []
