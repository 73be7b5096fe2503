"""How `make run`, the container and the service serve; the command line and GUNICORN_CMD_ARGS have the last word."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Asked of a process of its own, which also says what is wrong: what this one loads, a reload would not load anew.
_names = ("HOST", "PORT", "WEB_CONCURRENCY", "THREADS", "METRICS_TOKEN", "LOG_FORMAT")
_asked = subprocess.run(  # noqa: S603 (our own program)
    [sys.executable, "-m", "mlprep.environment", *_names],
    cwd=Path(__file__).parent,
    stdout=subprocess.PIPE,
    check=False,
)
# While it reloads, gunicorn itself may have taken note of the end of that process, and so of its code.
if _asked.returncode or not _asked.stdout:
    sys.exit(_asked.returncode or 1)
_given = json.loads(_asked.stdout)
_host = _given["HOST"] or "127.0.0.1"

wsgi_app = "mlprep.wsgi"
bind = f"{f'[{_host}]' if ':' in _host.strip('[]') else _host}:{_given['PORT'] or 8000}"
workers = int(_given["WEB_CONCURRENCY"] or 2)
threads = int(_given["THREADS"] or 8)
# Heartbeats go to memory: on a slow disk they would wait, and a healthy worker be killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (a folder of memory, files by mkstemp)
# What is being answered when the server is told to stop may still end.
graceful_timeout = 30
# Nobody needs one longer than that: exercises end by themselves after 30 s.
timeout = 60
loglevel = "warning"
# Nobody steers it from outside, and the home of the app's user cannot be written to.
control_socket_disable = True

if _given["METRICS_TOKEN"]:
    # Each worker counts in a file of its own here; a new start begins at 0, as Prometheus expects.
    _folder = Path(tempfile.gettempdir()) / f"mlprep-metrics-{os.getuid()}-{bind.replace(':', '-').replace('/', '')}"
    shutil.rmtree(_folder, ignore_errors=True)
    _folder.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder)


def when_ready(server):
    """Say where to look, to whoever reads along."""
    if _given["LOG_FORMAT"] != "json":
        print(f"→ Serving on http://{bind}  (Ctrl+C stops)", flush=True)


def post_fork(server, worker):
    """Tell the app where the server really listens, whatever set that: exercises ask whether others can reach it."""
    hosts = [address[0] if isinstance(address, tuple) else "" for address in server.cfg.address]
    os.environ["HOST"] = next((host for host in hosts if host not in {"127.0.0.1", "::1", "localhost"}), hosts[0])


def post_worker_init(worker):
    """Have a worker for long tasks run beside the server; one a machine, whichever web process keeps it."""
    from django.conf import settings  # noqa: PLC0415 (ready only once the app is loaded)

    from mlprep.shared.work.keeper import Keeper  # noqa: PLC0415 (of the code that was reloaded)

    if settings.WORKER:
        worker.keeper = Keeper(manage=settings.BASE_DIR / "manage.py", lock=settings.DATA_DIR / "worker.lock")
        worker.keeper.start()


def worker_exit(server, worker):
    """Stop it with the web process; another one takes over if the server goes on."""
    if keeper := getattr(worker, "keeper", None):
        keeper.stop()
