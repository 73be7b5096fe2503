from django.apps import AppConfig


class ConceptsConfig(AppConfig):
    name = "concepts"

    def ready(self) -> None:
        from concepts import signals  # noqa: F401 (connects the receivers)
        from concepts.curriculum.shelf import GuideShelf, TopicShelf
        from concepts.library import shelves
        from concepts.library.registry import register
        from concepts.syllabus.shelf import SyllabusShelf

        register(shelves.TrackerShelf())
        register(shelves.ConceptShelf())
        register(TopicShelf())
        register(GuideShelf())
        register(SyllabusShelf())
