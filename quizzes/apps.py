from django.apps import AppConfig
from django.db.models.signals import post_save
from django_tasks.signals import task_finished


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from concepts.library.registry import register
        from progress.models import User
        from quizzes.bank.shelf import GeneratorShelf, QuestionShelf
        from quizzes.exercises.shelf import ExerciseShelf
        from quizzes.flashcards.enrolment import enrol
        from quizzes.flashcards.fitting import note_failure
        from quizzes.flashcards.shelf import CardShelf
        from quizzes.mocks.shelf import MockShelf

        register(QuestionShelf())
        register(GeneratorShelf())
        register(CardShelf())
        register(ExerciseShelf())
        register(MockShelf())

        def enrol_newcomer(instance: User, created: bool, raw: bool, **_facts: object) -> None:
            if created and not raw:
                enrol(instance)

        post_save.connect(enrol_newcomer, sender=User, weak=False, dispatch_uid="enrol_newcomer")
        task_finished.connect(note_failure, dispatch_uid="note_failed_fit")
