"""What an installation gets by its settings: by https, with secrets as files, for its owner alone."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from mlprep.shared.limits.counters import FileCounter
from mlprep.shared.limits.rates import parse_rate
from mlprep.shared.notices import NoticeCookies

ASK = """
import json
import django
from django.conf import settings
from django.test import Client
django.setup()
from mlprep.shared.notices import NoticeCookies
alive = Client(headers={"Host": "prep.example.org", "X-Forwarded-Proto": "https"}).get("/healthz")
names = [name for name in dir(settings) if name.startswith(("SESSION_COOKIE_", "CSRF_COOKIE_", "SECURE_"))]
print(json.dumps({
    "settings": {name: getattr(settings, name) for name in names},
    "messages": NoticeCookies.cookie_name,
    "hsts": alive.headers["Strict-Transport-Security"],
}))
"""
KEY = "".join(map(chr, range(48, 98)))
TELL = """
import json
from mlprep import settings
database = settings.DATABASES["default"]
(app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
told = [settings.SECRET_KEY, database["USER"], database["PASSWORD"], settings.METRICS_TOKEN]
print(json.dumps([*told, app["client_id"], app["secret"]]))
"""


def run(code: str, folder: Path, **environment: str) -> object:
    named = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mlprep.settings", **environment}
    dropped = {"DJANGO_ALLOW_ASYNC_UNSAFE", "SECRET_KEY", "DATABASE_URL", "CACHE_URL"}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name not in dropped} | named,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def by_https(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return run(ASK, folder, SITE_URL="https://prep.example.org", TRUSTED_PROXY_COUNT="1", HSTS_SUBDOMAINS="on")


def test_by_https_every_cookie_is_secure_and_of_this_host_alone(by_https, alice, monkeypatch, settings):
    for name, value in by_https["settings"].items():
        setattr(settings, name, value)
    monkeypatch.setattr(NoticeCookies, "cookie_name", by_https["messages"])
    client = Client()
    form = {"login": "alice", "password": "alice's long password"}
    answer = client.post("/accounts/login/", form, secure=True)
    client.get("/accounts/login/", secure=True)
    assert answer.status_code == 302
    assert set(client.cookies) == {"__Host-session", "__Host-csrf", "__Host-messages"}
    for cookie in (*answer.cookies.values(), *client.cookies.values()):
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), cookie
        assert cookie["httponly"]


def test_by_https_every_answer_asks_for_https_for_a_year(by_https):
    assert by_https["hsts"] == "max-age=31536000; includeSubDomains"
    assert by_https["settings"]["SECURE_SSL_REDIRECT"]


def test_secrets_come_from_files(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "password").write_text("p@ss/word")
    (tmp_path / "token").write_text("the token of Prometheus")
    (tmp_path / "oidc").write_text("the client's secret")
    told = run(
        TELL,
        tmp_path,
        SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_URL="postgres://mlprep@db/mlprep",
        DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
        METRICS_TOKEN_FILE=str(tmp_path / "token"),
        OIDC_SERVER_URL="https://id.example.org",
        OIDC_CLIENT_ID="mlprep",
        OIDC_CLIENT_SECRET_FILE=str(tmp_path / "oidc"),
    )
    assert told == [KEY, "mlprep", "p@ss/word", "the token of Prometheus", "mlprep", "the client's secret"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's file")
def test_only_its_owner_reads_the_database(tmp_path, monkeypatch):
    from mlprep.keeping.guarding import close_database_to_others

    path = tmp_path / "data" / "mlprep.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    close_database_to_others()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_bytes(b"as it was")
    path.chmod(0o644)
    close_database_to_others()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"as it was"


def test_only_its_owner_reads_the_file_of_limits(tmp_path):
    path = tmp_path / "mlprep.sqlite3-limits"
    for _start in range(2):
        FileCounter(path).take("key", parse_rate("3/m"), 1.0)
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
        # As releases before made it.
        path.chmod(0o644)


def test_what_is_kept_out_of_the_image_and_of_the_repository():
    ignored = (Path(settings.BASE_DIR) / ".dockerignore").read_text().split()
    assert {".git", ".env", "secrets", "var", "backups", "compose.override.yaml"} <= set(ignored)
    kept_out = set((Path(settings.BASE_DIR) / ".gitignore").read_text().split())
    assert {".env", "/secrets/", "/var/", "/backups/", "/compose.override.yaml"} <= kept_out


def test_every_container_is_without_root_and_rights(tmp_path):
    import yaml

    services = yaml.safe_load((Path(settings.BASE_DIR) / "compose.yaml").read_text())["services"]
    for name in ("web", "setup", "backups"):
        service = services[name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not [
            key for key in service["environment"] if "PASSWORD" in key and not key.endswith(("_FILE", "_LENGTH"))
        ], name
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert "ports" not in services["db"] | services["cache"]
    assert "USER 10001" in (Path(settings.BASE_DIR) / "Dockerfile").read_text()
