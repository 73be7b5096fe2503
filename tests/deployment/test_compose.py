"""compose.yaml works as it is written, as far as that shows without Docker."""

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
import redis
import yaml
from django.conf import settings

from tests.deployment.test_configuration import run
from tests.faults.installation import free_port
from tests.missing import missing

pytestmark = pytest.mark.same_anywhere

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "compose.yaml").read_text()
COMPOSED = yaml.safe_load(TEXT)
SERVICES = COMPOSED["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "mlprep"]
FIXED_BY_THE_IMAGE = {"DATA_DIR", "HOST", "PORT"}
NOT_FOR_CONTAINERS = {"DEBUG", "SQLITE_JOURNAL_MODE"}
ASK = """
import json
from mlprep import settings
print(json.dumps([settings.SECRET_KEY, settings.DATABASES["default"]["PASSWORD"], settings.LIMITS_REDIS_URL]))
"""


def names_of_settings() -> set[str]:
    """What settings.py and gunicorn.conf.py ask the environment for."""
    asked = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "mlprep" / "settings.py").read_text())
    names = re.search(r"_names = \((.*)\)", (ROOT / "gunicorn.conf.py").read_text())
    assert names
    return {*asked, *re.findall(r'"([A-Z_]+)"', names[1])}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_reaches_every_container_of_the_app(name):
    given = {variable.removesuffix("_FILE") for variable in SERVICES[name]["environment"]}
    expected = names_of_settings() - FIXED_BY_THE_IMAGE - NOT_FOR_CONTAINERS
    assert len(expected) > 25
    assert expected - given <= ({"WORKER"} if name != "web" else set())
    assert not given - names_of_settings()


def test_what_is_optional_comes_from_env_under_its_own_name_and_left_out_is_as_the_readme_says(tmp_path):
    environment = SERVICES["web"]["environment"]
    taken = {name: value for name, value in environment.items() if str(value).startswith("${")}
    assert len(taken) > 20
    assert all(value.startswith(f"${{{name}:") for name, value in taken.items())
    empty = {name: "" for name, value in taken.items() if value.endswith(":-}")}
    ask = "import json; from mlprep.settings import *; print(json.dumps([REGISTRATION, EMAIL_BACKEND, TIME_ZONE]))"
    assert run(ask, tmp_path, **empty) == ["open", "django.core.mail.backends.console.EmailBackend", "UTC"]


def test_the_secrets_that_its_head_makes_are_what_the_app_and_the_servers_read(tmp_path):
    lines = [line.removeprefix("#").strip() for line in TEXT.splitlines() if line.startswith("#   ")]
    commands = [line for line in lines if line.startswith(("mkdir", "openssl", "chmod"))]
    subprocess.run(["bash", "-euc", "\n".join(commands)], cwd=tmp_path, check=True)  # noqa: S607
    files = {name: (tmp_path / secret["file"]) for name, secret in COMPOSED["secrets"].items()}
    assert {path.name for path in (tmp_path / "secrets").iterdir()} == set(files)
    for name, service in SERVICES.items():
        asked = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert asked == set(service["secrets"]), name
    named = {
        name: str(tmp_path / "secrets" / Path(value).name)
        for name, value in SERVICES["web"]["environment"].items()
        if name.endswith("_FILE")
    }
    key, password, cache = run(
        ASK, tmp_path, **named, DATABASE_URL="postgres://mlprep@db/mlprep", CACHE_URL="redis://c"
    )
    # As PostgreSQL's image and a shell read them.
    assert (key, password) == (
        files["secret_key"].read_text().rstrip(),
        files["postgres_password"].read_text().rstrip(),
    )
    assert cache == f"redis://:{files['redis_password'].read_text().rstrip()}@c"


@pytest.fixture
def cache(tmp_path):
    """Redis as compose.yaml starts it, with its port and its check of health."""
    if not shutil.which("redis-server"):
        missing("Redis is not installed here: apt-get install redis-server")
    (tmp_path / "redis_password").write_text("s3cret words\n")
    port = free_port()

    def here(text: str) -> str:
        text = text.replace("$$", "$").replace("/run/secrets", str(tmp_path))
        return text.replace("redis-cli", f"redis-cli -p {port}").replace("redis-server", f"redis-server --port {port}")

    shell, option, script = SERVICES["cache"]["command"]
    with subprocess.Popen([shell, option, here(script)], cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        for _ in range(500):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.01)
        yield process, port, here(SERVICES["cache"]["healthcheck"]["test"][1])
        process.kill()


def test_redis_asks_for_the_password_which_no_list_of_processes_shows(cache):
    process, port, health = cache
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port).ping()
    client = redis.Redis(port=port, password="s3cret words")
    assert client.ping()
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-lru"}
    client.close()
    # The shell has become the server, so that a stop reaches it.
    command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert command.startswith(b"redis-server")
    assert b"s3cret" not in command
    assert subprocess.run(["sh", "-c", health], check=False).returncode == 0  # noqa: S607
    without = health.replace("$(cat", "$(: ")
    assert subprocess.run(["sh", "-c", without], env={"PATH": os.environ["PATH"]}, check=False).returncode != 0  # noqa: S607


def test_every_base_image_is_fixed_by_its_digest_and_the_last_stage_has_no_pip():
    dockerfile = (ROOT / "Dockerfile").read_text()
    images = [service["image"] for service in SERVICES.values() if service["image"] != "mlprep"]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(images) == 4
    for image in images:
        assert re.fullmatch(r"\w+:\d+\.\d+(\.\d+)?(-slim)?-bookworm@sha256:[0-9a-f]{64}", image), image
    last = dockerfile.rpartition("\nFROM ")[2]
    assert re.search(r"pip uninstall --yes .*\bpip\b", last)


def test_a_new_volume_gets_the_apps_user_from_the_script():
    (mounted,) = (volume for volume in SERVICES["db"]["volumes"] if "docker-entrypoint-initdb.d" in volume)
    source, target, mode = mounted.split(":")
    assert os.access(ROOT / source, os.X_OK)
    assert (Path(target).suffix, mode) == (".sh", "ro")
    # By socket a server answers while the script still runs.
    assert "--host=127.0.0.1" in SERVICES["db"]["healthcheck"]["test"]
