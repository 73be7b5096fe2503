from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"

    def ready(self) -> None:
        from progress.accounts import checks  # noqa: F401 (registers the check)
