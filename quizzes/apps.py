from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from concepts.library.registry import register
        from quizzes.bank.shelf import GeneratorShelf, QuestionShelf

        register(QuestionShelf())
        register(GeneratorShelf())
