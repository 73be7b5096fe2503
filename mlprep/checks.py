"""What Django's checks, which set_up runs first, find wrong only once the site's addresses are known."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import get_resolver


@register
def check_path_of_site(**_: Any) -> list[CheckMessage]:
    """A path that is also how pages here begin: whether a proxy has taken it off could not be told."""
    path = (settings.FORCE_SCRIPT_NAME or "").strip("/")
    own = [str(entry.pattern) for entry in get_resolver().url_patterns]
    if not path or not any(route.startswith(f"{path}/") or route == path for route in [*own, "static/"]):
        return []
    return [
        Error(
            f"SITE_URL ends in /{path}, and so do addresses of this site begin.",
            hint="Choose another path, such as /prep, here and in the proxy.",
            id="mlprep.E002",
        )
    ]
