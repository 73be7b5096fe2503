from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "mlprep"

    def ready(self) -> None:
        from mlprep import checks  # noqa: F401 (registers them)
        from mlprep.plan import receivers  # noqa: F401 (connects them)
