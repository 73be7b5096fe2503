"""WSGI entry point, for gunicorn."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from mlprep.environment import SettingsRefused

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlprep.settings")

# By this code gunicorn knows that a new worker would do no better.
CANNOT_BOOT = 3

try:
    _django = get_wsgi_application()
except SettingsRefused as refused:
    print(f"mlprep does not start with these settings:\n{refused}", file=sys.stderr)
    sys.exit(CANNOT_BOOT)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer a request; a proxy may leave SITE_URL's path before the address or take it off."""
    prefix = settings.FORCE_SCRIPT_NAME
    path = environ.get("PATH_INFO", "")
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        environ = {**environ, "PATH_INFO": path.removeprefix(prefix) or "/"}
    return _django(environ, start_response)
