"""The library and signed-in learners with cards and a quiz: run as a program, it fills an empty database.

python -m tests.benchmarks.load_cast LEARNERS   (with the settings of the installation in the environment)
"""

import json
import sys
from typing import Any

import django


def fill(learners: int) -> list[dict[str, Any]]:
    """Load the library and make so many learners; gives session and quiz of each."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from concepts.library.loader import load_library
    from progress.models import User
    from quizzes.attempts.selection import Selection
    from quizzes.attempts.services import start_attempt
    from quizzes.flashcards.enrolment import enrol_everybody

    load_library(settings.LIBRARY_DIR)
    people = User.objects.bulk_create(User(username=f"learner{number}", password="!") for number in range(learners))
    enrol_everybody()
    cast = []
    for number, person in enumerate(people):
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        selection = Selection(questions=10, minutes=None, kinds=("single_choice",))
        attempt = start_attempt(learner=person, selection=selection, now=timezone.now(), seed=number)
        cast.append({"session": session.session_key, "quiz": attempt.pk})
    return cast


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]))))
