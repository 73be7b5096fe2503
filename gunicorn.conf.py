"""How `make run`, the container and the service serve; the command line and GUNICORN_CMD_ARGS have the last word."""

import os
import shutil
import tempfile
from pathlib import Path

wsgi_app = "mlprep.wsgi"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("THREADS") or 8)
# Heartbeats go to memory: on a slow disk they would wait, and a healthy worker be killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (a folder of memory, files by mkstemp)
# What is being answered when the server is told to stop may still end.
graceful_timeout = 30
# Nobody needs one longer than that: exercises end by themselves after 30 s.
timeout = 60
loglevel = "warning"

if os.environ.get("METRICS_TOKEN") or os.environ.get("METRICS_TOKEN_FILE"):
    # Each worker counts in a file of its own here; a new start begins at 0, as Prometheus expects.
    _folder = Path(tempfile.gettempdir()) / f"mlprep-metrics-{os.getuid()}-{bind.replace(':', '-').replace('/', '')}"
    shutil.rmtree(_folder, ignore_errors=True)
    _folder.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder)


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
