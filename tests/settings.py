"""The product's settings, but for what makes tests quick and apart from the installation's data."""

import os
from pathlib import Path

os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "build" / "test-data"))

from mlprep.settings import *  # noqa: F403
from mlprep.settings import AUTH_PASSWORD_VALIDATORS, BUILD_DIR, DATA_DIR, DATABASES, LIMITS, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# What `make assets` builds is enough: nothing has to be collected for tests.
STATIC_ROOT = BUILD_DIR / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Counts of limits are each test process's own, and no query of the pages' whose queries are counted.
LIMITS_FILE = DATA_DIR / f"limits-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
LIMITS_REDIS_URL = ""
# Whoever opens a test's installation first is let in; tests of the first run's code ask for it.
OPEN_TO_OTHERS = False
PASSWORD_MIN_LENGTH = 8
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"min_length": PASSWORD_MIN_LENGTH}
# A test sends more at once than a learner; those of limits set their own.
LIMITS = dict.fromkeys(LIMITS, "100000/m")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in an installation: an in-memory database has other locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
