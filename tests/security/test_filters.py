"""The checks see a leak: each owner filter is taken out in turn, and each time one of them turns red."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from progress.comments.models import CommentQuerySet
from progress.notes.models import NoteQuerySet
from progress.plans.models import StudyPlanQuerySet
from quizzes.mocks.queries import MockInterviewQuerySet
from quizzes.models import Attempt
from tests.security.access import OTHERS, OWN, TABLE
from tests.security.checking import access_faults, clients_of, interference, page_of, undone
from tests.security.world import Hers, Library, arguments
from tests.security.writes import everything, owner_of, sent_by, write

CAUGHT_BY = {
    "ApiTokenQuerySet": ["account_token_revoke", "account_tokens"],
    "AttemptQuestionQuerySet": ["quizzes:start"],
    "AttemptQuerySet": ["quizzes:attempt", "api-quiz", "quizzes:list"],
    "CardEventQuerySet": ["flashcards:statistics"],
    "CardQuerySet": ["quizzes:make_card"],
    "CardTextQuerySet": ["flashcards:review"],
    "CommentReportQuerySet": ["concepts:detail"],
    "ConceptMemoryQuerySet": ["api-progress-concepts"],
    "ConceptStatusQuerySet": ["api-progress-concepts"],
    "EvidenceQuerySet": ["today"],
    "ExerciseRunQuerySet": ["exercises:run-state", "api-exercise-run"],
    "ExerciseWorkQuerySet": ["exercises:detail"],
    "FlashcardSettingsQuerySet": ["flashcards:undo_fit"],
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
        if check := self._special.get(route):
            return check(route)
        return self._by_the_table(route, who)

    @property
    def _special(self) -> dict[str, Callable[[str], bool]]:
        return {
            "quizzes:make_card": self._nothing_made,
            "plan:moves": self._differs,
            "quizzes:start": self._starts_nothing,
            "flashcards:undo_fit": lambda route: self._changes_hers(route) or self._by_the_table(route, ["bob"]),
        }

    def _by_the_table(self, route: str, who: list[str]) -> bool:
        access = set(TABLE[route].values())
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

    def _starts_nothing(self, route: str) -> bool:
        """Whether Bob gets no quiz of what he was never asked because Alice was."""
        with undone():
            hers = Hers(self.alice, self.library)
            before = Attempt.objects.count()
            self.people["bob"].post(reverse(route), sent_by(route, hers, self.library) | {"focus": "new"})
            return Attempt.objects.count() == before

    def _changes_hers(self, route: str) -> bool:
        """Whether Bob's write to what is his changes what is Alice's."""
        with undone():
            Hers(self.alice, self.library)
            his = Hers(self.bob, self.library, with_cards=False)
            before = everything()
            path = reverse(route, kwargs=arguments(route, self.bob, self.library, his))
            write(self.people["bob"], "POST", path, sent_by(route, his, self.library))
            after = everything()
            return any(owner_of(key, before) == self.alice.pk and row != after.get(key) for key, row in before.items())

    def _differs(self, route: str) -> bool:
        """Whether Bob's page changes by what Alice has, where he has the like."""
        with undone():
            Hers(self.bob, self.library)
            before = page_of(self.people["bob"], reverse(route))
            Hers(self.alice, self.library)
            return page_of(self.people["bob"], reverse(route)) != before


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
