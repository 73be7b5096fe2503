"""The product's settings, unchanged but for styles and scripts, which these servers need not have collected."""

from mlprep.settings import *  # noqa: F403
from mlprep.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
