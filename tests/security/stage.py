"""Everything that has a form, at once: what Alice did, questions of every kind, a closed quiz, a closed interview."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from progress.models import User
from quizzes.attempts.services import close_attempt
from quizzes.flashcards.own_cards import write_card
from quizzes.mocks.services import close_interview
from tests.factories import learned, make_attempt_at, make_comment, make_interview, make_question_of
from tests.quizzes.examples import EXAMPLES
from tests.security.walking import Field, Form
from tests.security.world import WORD, Hers, Library, arguments


class Stage:
    """The library, what is Alice's, and the addresses of the pages that need more than the routes' first objects."""

    def __init__(self, alice: User, author: User) -> None:
        now = timezone.now()
        self.alice = alice
        self.library = Library(author)
        # One runs at a time.
        closed_interview = make_interview(alice, self.library.script)
        close_interview(interview=closed_interview, now=now)
        self.hers = Hers(alice, self.library)
        (own_card,) = write_card(learner=alice, front=WORD, back=WORD)
        self.hers.own_card = learned(alice, own_card)
        self.comment = make_comment(self.library.concept, alice, body="Mine")
        self.quiz = make_attempt_at(alice, *(make_question_of(kind, self.library.concept) for kind in EXAMPLES))
        closed_quiz = make_attempt_at(alice, *(make_question_of(kind, self.library.concept) for kind in EXAMPLES))
        close_attempt(attempt=closed_quiz, now=now)
        self.more_pages = [
            *(f"{self.quiz.get_absolute_url()}?question={number + 1}" for number in range(len(EXAMPLES))),
            reverse("quizzes:review", args=[closed_quiz.pk]),
            reverse("mocks:review", args=[closed_interview.pk]),
            reverse("comments:edit", args=[self.comment.pk]),
            reverse("comments:delete", args=[self.comment.pk]),
        ]

    def arguments(self, route: str) -> dict[str, Any]:
        return arguments(route, self.alice, self.library, self.hers)

    def made_by_scripts(self) -> list[Form]:
        """What is sent without a form of its own on a page."""

        def form(route: str, *names: str, method: str = "post") -> Form:
            address = reverse(route, kwargs=self.arguments(route))
            return Form(address, address, method, {name: Field("hidden") for name in names})

        return [
            form("exercises:draft", "code", "page", "edit", "seen"),
            form("mocks:preview", "pad"),
            form("flashcards:preview", "front", "back"),
            form("focus:change", "action"),
            form("quizzes:preview", "answer", method="get"),
            form("plan-calendar", "key", method="get"),
            form("account_signup", "invitation", method="get"),
            form("account_login", "next", method="get"),
        ]
