"""`manage.py fit_flashcards <fit>`: what the page starts in a process of its own to fit a learner's weights."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.flashcards.fitting import run_fit
from quizzes.flashcards.models import WeightsFit


class Command(BaseCommand):
    help = "Fit a learner's flashcard weights; started by the page 'Memory model'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fit", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        fit = WeightsFit.objects.filter(pk=options["fit"]).select_related("learner").first()
        if fit is None:
            raise CommandError(f"There is no fit {options['fit']}.")
        self.stdout.write(run_fit(fit).get_state_display())
