"""Tasks that take their time and leave traces, and a program that enqueues them.

python -m tests.faults.tasks COUNT SECONDS FOLDER   (with the settings of the installation in the environment)
"""

import sys
import time
from pathlib import Path

import django
from django_tasks import task


@task()
def leave_traces(number: int, seconds: float, folder: str) -> int:
    """Leave one trace at the beginning and one at the end."""
    _trace(folder, f"begun {number}")
    time.sleep(seconds)
    _trace(folder, f"ended {number}")
    return number


def traces(folder: Path, what: str) -> list[int]:
    """The numbers of the tasks that have left this trace, each as often as it did."""
    path = folder / "traces"
    lines = path.read_text().splitlines() if path.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith(what)]


def _trace(folder: str, line: str) -> None:
    with (Path(folder) / "traces").open("a") as file:
        file.write(f"{line}\n")


if __name__ == "__main__":
    django.setup()
    # Under its own name, by which a worker finds it.
    from tests.faults import tasks

    for number in range(int(sys.argv[1])):
        tasks.leave_traces.enqueue(number, float(sys.argv[2]), sys.argv[3])
