"""Settings that would let somebody in are refused, and say what to set instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from mlprep.safety import refusals

SOUND = {"site_url": "https://prep.example.org", "bind_host": "192.0.2.7", "debug": False, "secret_key": "k3" * 25}


def test_a_public_site_with_a_key_of_its_own_is_let_start():
    assert refusals(**SOUND) == []
    assert refusals(**SOUND | {"site_url": "http://127.0.0.1:8000", "bind_host": "127.0.0.1", "debug": True}) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"debug": True}, "DEBUG is on"),
        ({"debug": True, "site_url": "http://127.0.0.1:8000"}, "DEBUG is on"),
        ({"debug": True, "bind_host": ""}, "DEBUG is on"),
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "django-insecure-" + "x" * 50}, "placeholder"),
        ({"secret_key": "ChangeMe" * 9}, "placeholder"),
        ({"site_url": "prep.example.org"}, "SITE_URL"),
        ({"site_url": "ftp://prep.example.org"}, "SITE_URL"),
    ],
)
def test_what_would_let_somebody_in_is_refused(changed, told):
    (refusal,) = refusals(**SOUND | changed)
    assert told in refusal


def run(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    ours = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mlprep.settings", **environment}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        # Playwright's tests allow themselves what no server should.
        env={name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | ours,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_server_does_not_start_with_them(tmp_path):
    ran = run("import mlprep.wsgi", tmp_path, SITE_URL="https://prep.example.org", DEBUG="on")
    assert ran.returncode == 1
    assert "Leave DEBUG out" in ran.stderr


def test_a_deployment_by_https_passes_djangos_own_check(tmp_path):
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('check', deploy=True)"
    )
    ran = run(code, tmp_path, SITE_URL="https://prep.example.org")
    assert ran.returncode == 0, ran.stderr
    assert "WARNINGS" not in ran.stdout + ran.stderr


WATCH = """
import io, sys
from mlprep.wsgi import application
for path in ("/healthz", "/readyz", "/concepts/"):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1:8000", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
    b"".join(application(environ, lambda status, *_: print(status[:3], end=" ")))
"""


def test_behind_https_the_process_still_answers_whatever_watches_it_directly(tmp_path):
    assert run(WATCH, tmp_path, SITE_URL="https://prep.example.org").stdout.split() == ["200", "200", "301"]


ASK = """
import io, sys
from mlprep.wsgi import application
from django.conf import settings
from django.test import override_settings
# The page that says a path is unknown names the styles, which a clone under test has not collected.
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}).enable()
def ask(path):
    said = {}
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "x",
        "SERVER_PORT": "80", "HTTP_HOST": "prep.example.org", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1"}
    body = b"".join(application(environ, lambda status, headers, *_: said.update(status=status, headers=dict(headers))))
    return said["status"], said["headers"].get("Location", ""), body.decode()
print(ask("/learn/healthz")[0], ask("/healthz")[0], ask("/learner")[0][:3])
from django.urls import reverse
from django.templatetags.static import static
print(reverse("today"))
"""


def test_a_path_in_the_address_goes_before_every_link_whether_the_proxy_takes_it_off_or_not(tmp_path):
    ran = run(ASK, tmp_path, SITE_URL="http://prep.example.org/learn")
    lines = ran.stdout.split("\n")
    assert lines[0].startswith("200 OK 200 OK"), ran.stderr
    assert lines[1] == "/learn/"
