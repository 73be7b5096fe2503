from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"

    def ready(self) -> None:
        from concepts.library.registry import register
        from progress.accounts import checks  # noqa: F401 (registers the check)
        from progress.accounts.events import connect
        from progress.accounts.limits import count_by_our_counters
        from progress.accounts.single_sign_on import check_by_our_adapter
        from progress.plans.shelf import PlanShelf

        register(PlanShelf())
        count_by_our_counters()
        check_by_our_adapter()
        connect()
