"""Settings as people give them: by variables, by `.env`, by files with secrets; and what is refused."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests.deployment.test_configuration import KEY, run
from tests.faults.clusters import Redis

pytestmark = pytest.mark.same_anywhere

GUNICORN = Path(sys.executable).with_name("gunicorn")
TELL = """
import json
from mlprep import settings
database = settings.DATABASES["default"]
print(json.dumps({
    "key": settings.SECRET_KEY,
    "fallbacks": settings.SECRET_KEY_FALLBACKS,
    "password": database["PASSWORD"],
    "token": settings.METRICS_TOKEN,
    "mail": settings.EMAIL_HOST_PASSWORD,
    "oidc": [app["secret"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]],
    "cache": settings.LIMITS_REDIS_URL,
    "wait": settings.WAIT_SECONDS,
}))
"""
POSTGRESQL = {"DATABASE_URL": "postgres://mlprep@db/mlprep"}


def refused(folder: Path, **variables: str) -> str:
    """What the app says when it does not start."""
    named = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mlprep.settings", **variables}
    ran = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=settings.BASE_DIR,
        env=os.environ | named,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    return ran.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_secret_is_read_without_the_end_of_its_files_line(end, tmp_path):
    given = {
        "SECRET_KEY": KEY,
        "DATABASE_PASSWORD": "p@ss/word ",
        "METRICS_TOKEN": "the token of Prometheus",
        "EMAIL_URL": "smtp+tls://me:letters@mail.example.org:587",
        "OIDC_CLIENT_SECRET": "$hared",
        "CACHE_PASSWORD": "fast/er",
    }
    for name, value in given.items():
        (tmp_path / name).write_bytes(f"{value}{end}".encode())
    files = {f"{name}_FILE": str(tmp_path / name) for name in given}
    told = run(
        TELL,
        tmp_path,
        **POSTGRESQL
        | files
        | {"OIDC_SERVER_URL": "https://id.example.org", "OIDC_CLIENT_ID": "prep", "CACHE_URL": "redis://cache:6379/0"},
    )
    assert told == {
        "key": KEY,
        # What was signed and encrypted while ends of lines were part of it is still read.
        "fallbacks": [f"{KEY}{end}"],
        "password": "p@ss/word ",
        "token": "the token of Prometheus",
        "mail": "letters",
        "oidc": ["$hared"],
        "cache": "redis://:fast%2Fer@cache:6379/0",
        "wait": 20,
    }


def test_a_dollar_begins_no_name_and_an_empty_variable_is_none(tmp_path):
    told = run(TELL, tmp_path, **POSTGRESQL, DATABASE_PASSWORD="$HOME", DATABASE_WAIT="", SECRET_KEY="$" + KEY)
    assert (told["password"], told["wait"], told["key"]) == ("$HOME", 20, "$" + KEY)


@pytest.mark.parametrize(("own", "expected"), [("", "given apart"), (":of its own", "of its own")])
def test_the_databases_password_is_for_addresses_that_have_none(own, expected, tmp_path):
    """A replica has the primary's users and passwords."""
    address = f"postgres://mlprep{own.replace(' ', '%20')}@db/mlprep"
    told = run(
        "import json\nfrom mlprep.settings import DATABASES\n"
        "print(json.dumps({name: database['PASSWORD'] for name, database in DATABASES.items()}))",
        tmp_path,
        DATABASE_URL=address,
        DATABASE_REPLICA_URL=address,
        DATABASE_PASSWORD="given apart",
    )
    assert told == {"default": expected, "replica": expected}


@pytest.mark.parametrize("name", ["DATABASE_PASSWORD", "METRICS_TOKEN", "EMAIL_URL", "SECRET_KEY", "CACHE_PASSWORD"])
def test_a_file_that_is_not_there_is_refused_by_name(name, tmp_path):
    said = refused(tmp_path, **{f"{name}_FILE": str(tmp_path / "absent")})
    assert f"{name}_FILE names {tmp_path / 'absent'}, which cannot be read: no such file" in said


def test_a_file_that_is_empty_or_no_text_or_a_folder_is_refused(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for name, reason in {"empty": "it is empty", "bytes": "it is no text", ".": "is a directory"}.items():
        assert f"cannot be read: {reason}" in refused(tmp_path, METRICS_TOKEN_FILE=str(tmp_path / name))


def test_a_word_where_a_number_belongs_is_refused_by_name(tmp_path):
    assert "DATABASE_WAIT is 'long'" in refused(tmp_path, DATABASE_WAIT="long")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    said = refused(tmp_path, DATA_DIR=str(tmp_path / "file" / "data"))
    assert "Set a folder that this user may write to" in said


def test_redis_with_a_password_counts_with_the_one_from_a_file(tmp_path):
    (tmp_path / "password").write_text("s3cret:/@\n")
    count = """
import json, time
from mlprep import settings
from mlprep.shared.limits.counters import RedisCounter, StoreGone
from mlprep.shared.limits.rates import Rate
counter = RedisCounter(settings.LIMITS_REDIS_URL, "x:")
try:
    print(json.dumps(counter.take("key", Rate(1, 60), time.time()) is not None))
except StoreGone:
    print(json.dumps("gone"))
"""
    with Redis(password="s3cret:/@") as redis:
        address = f"redis://127.0.0.1:{redis.port}/0"
        assert run(count, tmp_path, CACHE_URL=address) == "gone"
        assert run(count, tmp_path, CACHE_URL=address, CACHE_PASSWORD_FILE=str(tmp_path / "password")) is True


@pytest.fixture
def beside_env(tmp_path):
    """A folder with the server's set-up and what reads settings, for an `.env` of the test's own."""
    (tmp_path / "mlprep").mkdir()
    (tmp_path / "mlprep" / "__init__.py").touch()
    shutil.copy(settings.BASE_DIR / "mlprep" / "environment.py", tmp_path / "mlprep")
    shutil.copy(settings.BASE_DIR / "gunicorn.conf.py", tmp_path)
    (tmp_path / "app.py").write_text("def application(environ, start_response): ...\n")
    return tmp_path


def set_up(folder: Path, **variables: str) -> subprocess.CompletedProcess:
    unset = {"HOST", "PORT", "WEB_CONCURRENCY", "THREADS", "METRICS_TOKEN", "PROMETHEUS_MULTIPROC_DIR"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(
        [GUNICORN, "--print-config", "app:application"],
        cwd=folder,
        env=inherited | {"TMPDIR": str(folder)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_server_is_set_up_by_env_too_and_a_variable_comes_first(beside_env):
    (beside_env / ".env").write_text("HOST=::1\nPORT=9123\nWEB_CONCURRENCY=5\nTHREADS=3\nMETRICS_TOKEN=the token\n")
    ran = set_up(beside_env, THREADS="7")
    told = dict(line.split(" = ") for line in ran.stdout.splitlines() if " = " in line)
    told = {name.strip(): value for name, value in told.items()}
    assert (told["bind"], told["workers"], told["threads"]) == ("['[::1]:9123']", "5", "7"), ran.stderr
    # Its folder would be the user's home, which a service may not write to.
    assert told["control_socket_disable"] == "True"
    assert len(list(beside_env.glob("mlprep-metrics-*"))) == 1


def test_the_server_says_in_a_line_why_it_does_not_start(beside_env):
    (beside_env / ".env").write_text("METRICS_TOKEN_FILE=/absent\n")
    ran = set_up(beside_env)
    assert ran.returncode == 1
    assert ran.stderr.startswith("METRICS_TOKEN_FILE names /absent, which cannot be read: no such file")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        ([("127.0.0.1", 8000)], "127.0.0.1"),
        ([("127.0.0.1", 8000), ("0.0.0.0", 8000)], "0.0.0.0"),  # noqa: S104
        (["/run/mlprep.sock"], ""),
    ],
)
def test_the_app_is_told_where_the_server_listens_in_fact(addresses, told, monkeypatch):
    monkeypatch.setenv("HOST", "127.0.0.1")
    server = SimpleNamespace(cfg=SimpleNamespace(address=addresses))
    runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["post_fork"](server, None)
    assert os.environ["HOST"] == told


def test_make_leaves_to_env_what_nobody_told_it(beside_env):
    shutil.copy(settings.BASE_DIR / "Makefile", beside_env)
    for place in ("build", ".venv"):
        (beside_env / place).mkdir()
    lines = subprocess.run(
        ["make", "--eval", "tell: ; @env", "tell", "THREADS=4"],  # noqa: S607
        cwd=beside_env,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    names = {line.partition("=")[0] for line in lines}
    assert "THREADS=4" in lines
    assert not names & {"HOST", "PORT", "WEB_CONCURRENCY"}


def test_the_program_tells_what_is_asked(beside_env):
    (beside_env / ".env").write_text("PORT=1\n")
    asked = subprocess.run(
        [sys.executable, "-m", "mlprep.environment", "PORT", "NOBODYS"],
        cwd=beside_env,
        env={name: value for name, value in os.environ.items() if name != "PORT"},
        capture_output=True,
        check=True,
    )
    assert json.loads(asked.stdout) == {"PORT": "1", "NOBODYS": ""}
