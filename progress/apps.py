from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"

    def ready(self) -> None:
        from concepts.library.registry import register
        from progress.accounts import api_schema  # noqa: F401 (it registers itself)
        from progress.accounts.events import connect
        from progress.accounts.limits import count_by_our_counters
        from progress.accounts.proving import ask_everybody
        from progress.accounts.single_sign_on import check_by_our_adapter
        from progress.plans.shelf import PlanShelf

        register(PlanShelf())
        count_by_our_counters()
        ask_everybody()
        check_by_our_adapter()
        connect()
