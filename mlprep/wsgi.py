"""WSGI entry point, for gunicorn."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

from mlprep.environment import SettingsRefused

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlprep.settings")

# By this code gunicorn knows that a new worker would do no better.
CANNOT_BOOT = 3

try:
    _django = get_wsgi_application()
except SettingsRefused as refused:
    print(f"mlprep does not start with these settings:\n{refused}", file=sys.stderr)
    sys.exit(CANNOT_BOOT)


def _read_all() -> None:
    """Take in every view and template now: an upgrade puts others in their place while this process goes on."""
    _ = get_resolver().url_patterns
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*"):
        if path.suffix in {".html", ".txt"}:
            get_template(path.relative_to(folder).as_posix())


_read_all()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer a request; a proxy may leave SITE_URL's path before the address or take it off."""
    prefix = settings.FORCE_SCRIPT_NAME
    path = environ.get("PATH_INFO", "")
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        environ = {**environ, "PATH_INFO": path.removeprefix(prefix) or "/"}
    return _django(environ, start_response)
