"""Settings that would let somebody in are refused, and say what to set instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from mlprep.safety import bind_host_of, refusals

KEY = "".join(map(chr, range(48, 98)))
SOUND = {"site_url": "https://prep.example.org", "bind_host": "192.0.2.7", "debug": False, "secret_key": KEY}
AT_HOME = {"site_url": "http://127.0.0.1:8000", "bind_host": "127.0.0.1"}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        AT_HOME | {"debug": True},
        {"site_url": "http://[::1]:8000", "bind_host": "::1", "debug": True},
        {"site_url": "http://localhost:9000", "bind_host": "127.0.0.2", "debug": True},
        {"site_url": "https://example.org:8443/prep/learn"},
        {"site_url": "http://192.168.1.20", "allow_http": True},
        {"secret_key": "0123456789abcdef" * 2},
        {"fallbacks": [KEY[::-1]], "metrics_token": "0123456789abcdef"},
    ],
)
def test_a_sound_installation_is_let_start(changed):
    assert refusals(**SOUND | changed) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"debug": True}, "DEBUG is on"),
        (AT_HOME | {"debug": True, "bind_host": "192.0.2.7"}, "DEBUG is on"),
        (AT_HOME | {"debug": True, "bind_host": "0.0.0.0"}, "DEBUG is on"),  # noqa: S104
        (AT_HOME | {"debug": True, "bind_host": ""}, "DEBUG is on"),
        ({"debug": True, "bind_host": ""}, "DEBUG is on"),
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "a" * 40}, "SECRET_KEY"),
        ({"secret_key": "k3" * 25}, "SECRET_KEY"),
        ({"secret_key": "django-insecure-" + KEY}, "placeholder"),
        ({"secret_key": "ChangeMe" * 9}, "placeholder"),
        ({"fallbacks": [KEY, "a" * 40]}, "SECRET_KEY_FALLBACKS"),
        ({"metrics_token": "the token"}, "METRICS_TOKEN"),
        ({"metrics_token": "a" * 40}, "METRICS_TOKEN"),
        ({"site_url": "prep.example.org"}, "SITE_URL"),
        ({"site_url": "ftp://prep.example.org"}, "SITE_URL"),
        ({"site_url": "https://"}, "SITE_URL"),
        ({"site_url": "https://[prep"}, "SITE_URL"),
        ({"site_url": "https://prep.example.org:https"}, "SITE_URL"),
        ({"site_url": "https://me:word@prep.example.org"}, "SITE_URL"),
        ({"site_url": "https://prep.example.org/?from=mail"}, "SITE_URL"),
        ({"site_url": "https://prep.example.org/two words"}, "SITE_URL"),
        ({"site_url": "http://prep.example.org"}, "ALLOW_HTTP"),
        ({"site_url": "http://192.168.1.20:8000"}, "ALLOW_HTTP"),
        ({"site_url": "http://raspberry.local"}, "ALLOW_HTTP"),
    ],
)
def test_what_would_let_somebody_in_is_refused(changed, told):
    (refusal,) = refusals(**SOUND | changed)
    assert told in refusal


@pytest.mark.parametrize(
    ("command", "environment", "host"),
    [
        ("/app/.venv/bin/gunicorn", {}, "127.0.0.1"),
        ("gunicorn", {"HOST": "0.0.0.0"}, "0.0.0.0"),  # noqa: S104
        ("gunicorn --bind 0.0.0.0:8000", {"HOST": "127.0.0.1"}, "0.0.0.0"),  # noqa: S104
        ("gunicorn --bind=192.0.2.7:8000 mlprep.wsgi", {}, "192.0.2.7"),
        ("gunicorn -b [::]:8000", {}, "::"),
        ("gunicorn -b127.0.0.1:8000 -b :9000", {}, "0.0.0.0"),  # noqa: S104
        ("gunicorn --bind unix:/run/mlprep.sock", {}, "unix"),
        ("gunicorn", {"GUNICORN_CMD_ARGS": "--bind 0.0.0.0 --workers 3"}, "0.0.0.0"),  # noqa: S104
        ("gunicorn --bind 127.0.0.1:1", {"GUNICORN_CMD_ARGS": "-b 192.0.2.7:80"}, "127.0.0.1"),
        ("/lib/gunicorn/__main__.py -b [::1]:8000", {}, "::1"),
        ("manage.py runserver", {"HOST": "0.0.0.0"}, "127.0.0.1"),  # noqa: S104
        ("manage.py runserver 9000", {}, "127.0.0.1"),
        ("manage.py runserver --noreload 0.0.0.0:8000", {"HOST": "127.0.0.1"}, "0.0.0.0"),  # noqa: S104
        ("manage.py runserver 0:8000", {}, "0.0.0.0"),  # noqa: S104
        ("./manage.py migrate", {}, "127.0.0.1"),
        ("./manage.py set_up", {"HOST": "0.0.0.0"}, "0.0.0.0"),  # noqa: S104
        ("uvicorn mlprep.asgi:application", {}, ""),
    ],
)
def test_where_a_server_listens_is_read_off_its_command(command, environment, host):
    assert bind_host_of(command.split(), environment) == host


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
    command = [Path(sys.executable).with_name("gunicorn"), "--bind", "127.0.0.1:0", "--workers", "1"]
    ours = {"DATA_DIR": str(tmp_path), "SITE_URL": "https://prep.example.org", "DEBUG": "on", "WORKER": "no"}
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | ours
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 3
    assert "Leave DEBUG out" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("site", ["https://prep.example.org", "https://example.org/prep"])
def test_a_deployment_by_https_passes_djangos_own_check(site, tmp_path):
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('check', deploy=True)"
    )
    ran = run(code, tmp_path, SITE_URL=site)
    assert ran.returncode == 0, ran.stderr
    assert "WARNINGS" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("server", "host"),
    [
        (["-m", "gunicorn", "--check-config", "--bind", "0.0.0.0:0"], "127.0.0.1"),
        (["manage.py", "runserver", "0.0.0.0:8000"], "127.0.0.1"),
        (["manage.py", "set_up"], "0.0.0.0"),  # noqa: S104
    ],
)
def test_debug_does_not_start_where_others_can_reach_it(server, host, tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DEBUG": "on", "HOST": host}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, *server]
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert ran.returncode != 0
    assert "DEBUG is on" in ran.stderr


WATCH = """
import io, sys
from mlprep.wsgi import application
import os
for path in os.environ["PATHS"].split():
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1:8000", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
    b"".join(application(environ, lambda status, *_: print(status[:3], end=" ")))
"""


@pytest.mark.parametrize(
    ("site", "paths"),
    [
        ("https://prep.example.org", "/healthz /readyz /concepts/"),
        ("https://example.org/prep", "/healthz /readyz /concepts/"),
        ("https://example.org/prep", "/prep/healthz /prep/readyz /prep/concepts/"),
        ("https://example.org/prep", "/prep/healthz /healthz /prep/concepts/healthz"),
    ],
)
def test_behind_https_the_process_still_answers_whatever_watches_it_directly(site, paths, tmp_path):
    ran = run(WATCH, tmp_path, SITE_URL=site, PATHS=paths)
    assert ran.stdout.split() == ["200", "200", "301"], ran.stderr


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
    ran = run(ASK, tmp_path, SITE_URL="http://prep.example.org/learn", ALLOW_HTTP="yes")
    lines = ran.stdout.split("\n")
    assert lines[0].startswith("200 OK 200 OK"), ran.stderr
    assert lines[1] == "/learn/"
