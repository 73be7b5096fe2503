"""Long work is done to its end, whoever is killed meanwhile."""

import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mlprep import chores
from mlprep.shared.work import leases
from mlprep.shared.work.models import Chore, Lease
from quizzes.flashcards.fitting import fit_weights
from quizzes.flashcards.models import FitState, WeightsFit
from tests.faults.installation import ROOT, Installation
from tests.faults.tasks import leave_traces, traces

pytestmark = pytest.mark.django_db

TASKS = 8
WATCHER = "for whoever watches"


@pytest.fixture(scope="module", autouse=True)
def quick_to_notice(request: pytest.FixtureRequest) -> None:
    """Only for the tests that start an installation."""
    if any("installation" in item.fixturenames for item in request.node.collect()):
        installation = request.getfixturevalue("installation")
        installation.environment["DJANGO_SETTINGS_MODULE"] = "tests.faults.queue_settings"
        installation.environment |= {"METRICS_TOKEN": WATCHER, "WEB_CONCURRENCY": "1"}


@pytest.fixture
def emptied(installation: Installation) -> Installation:
    (installation.folder / "traces").unlink(missing_ok=True)
    installation.database.change("DELETE FROM django_tasks_database_dbtaskresult", [()])
    installation.database.change("DELETE FROM mlprep_lease", [()])
    return installation


def enqueue(installation: Installation, count: int, seconds: float) -> None:
    installation.run("-m", "tests.faults.tasks", str(count), str(seconds), str(installation.folder))


def wait_for(truth, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.05)


def states(installation: Installation) -> Counter:
    return Counter(
        state
        for (state,) in installation.database.rows(
            "SELECT status FROM django_tasks_database_dbtaskresult WHERE task_path LIKE 'tests.%%'"
        )
    )


def work(installation: Installation, *options: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "manage.py", "work", *options], cwd=ROOT, env=installation.variables)


def in_the_middle(installation: Installation, after: int) -> bool:
    """Whether a task has begun that has not ended, after so many that have."""
    ended, begun = (traces(installation.folder, what) for what in ("ended", "begun"))
    return len(ended) >= after and begun[-1] not in ended


def test_every_task_is_done_though_worker_and_server_are_killed(emptied, figure):
    installation = emptied
    enqueue(installation, TASKS, 0.5)
    alone = work(installation)
    wait_for(lambda: in_the_middle(installation, after=1))
    alone.kill()
    alone.wait()
    installation.start()
    wait_for(lambda: in_the_middle(installation, after=4))
    installation.kill()
    installation.start()
    wait_for(lambda: states(installation)["SUCCESSFUL"] == TASKS)
    bearer = {"Authorization": f"Bearer {WATCHER}"}
    wait_for(lambda: 'mlprep_tasks{state="ready"} 0.0' in installation.call("GET", "/metrics", headers=bearer).text)
    installation.kill()
    ended, begun = (set(traces(installation.folder, what)) for what in ("ended", "begun"))
    again = len(traces(installation.folder, "begun")) - TASKS
    figure(
        "kill -9 of a worker, and of the server with its worker, at long tasks",
        f"{len(ended)} of {TASKS} tasks done, {again} begun anew",
        f"{TASKS} of {TASKS}",
    )
    assert ended == begun == set(range(TASKS))
    assert again == 2


def test_of_two_workers_each_task_is_done_by_one(emptied, figure):
    enqueue(emptied, 30, 0.02)
    both = [work(emptied, "--batch") for _ in range(2)]
    assert [worker.wait(60) for worker in both] == [0, 0]
    begun = traces(emptied.folder, "begun")
    figure("two workers, 30 tasks", f"{len(begun) - len(set(begun))} done twice", "0")
    assert sorted(begun) == list(range(30))


def test_a_worker_that_is_told_to_stop_puts_back_what_it_cannot_end(emptied):
    enqueue(emptied, 1, 60)
    worker = work(emptied, "--grace=0.2")
    wait_for(lambda: traces(emptied.folder, "begun"))
    worker.terminate()
    assert worker.wait(10) == 0
    assert states(emptied) == {"READY": 1}
    assert emptied.database.rows("SELECT task FROM mlprep_lease") == []


def under_way(task, *args: object, tries: int, started: timedelta = timedelta(minutes=1)) -> DBTaskResult:
    held = DBTaskResult.objects.get(pk=task.enqueue(*args).id)
    held.status, held.started_at = "RUNNING", timezone.now() - started
    held.worker_ids = [f"worker {number}" for number in range(tries)]
    held.save()
    return held


def test_what_has_lost_its_worker_is_begun_anew_and_what_has_one_is_left(db):
    lost, held = (under_way(leave_traces, 1, 0, "", tries=1) for _ in range(2))
    leases.renew(held)
    assert leases.take_back() == 1
    lost.refresh_from_db()
    held.refresh_from_db()
    assert (lost.status, held.status) == ("READY", "RUNNING")


def test_what_costs_every_worker_its_life_is_given_up_and_told(as_alice, alice):
    fit = WeightsFit.objects.create(learner=alice, state=FitState.RUNNING)
    held = under_way(fit_weights, fit.pk, tries=leases.MOST_TRIES)
    leases.take_back()
    held.refresh_from_db()
    assert held.status == "FAILED"
    assert "Failed" in as_alice.get("/flashcards/model/").content.decode()


def test_a_task_of_an_older_version_that_is_no_more_holds_up_nothing(db, tmp_path):
    DBTaskResult.objects.create(
        task_path="quizzes.no_more", args_kwargs={"args": [], "kwargs": {}}, run_after=timezone.now(), priority=9,
        backend_name="default", exception_class_path="", traceback="",
    )  # fmt: skip
    leave_traces.enqueue(1, 0, str(tmp_path))
    call_command("work", "--batch")
    assert traces(tmp_path, "ended") == [1]
    assert DBTaskResult.objects.failed().count() == 1


def test_what_recurs_is_enqueued_once_when_it_is_due(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    chores.enqueue_due()
    chores.enqueue_due()
    assert sorted(DBTaskResult.objects.values_list("task_path", flat=True)) == [
        "mlprep.chores.close_what_is_over",
        "mlprep.chores.tidy_up",
    ]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Chore.objects.filter(name="letters").update(next_at=timezone.now() - timedelta(minutes=1))
    chores.enqueue_due()
    assert DBTaskResult.objects.filter(task_path="mlprep.chores.send_letters").count() == 1


def test_old_outcomes_are_dropped_and_those_of_this_week_kept(db):
    for days in (15, 6):
        leave_traces.enqueue(1, 0, "")
        DBTaskResult.objects.filter(status="READY").update(
            status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=days)
        )
    assert chores.tidy_up.call() == 1
    assert DBTaskResult.objects.count() == 1


def test_mastery_of_many_learners_is_left_to_the_worker(alice, capsys):
    from progress.models import ConceptMemory
    from tests.factories import make_concept, make_evidence

    make_evidence(alice, make_concept("QUEUE-01"))
    ConceptMemory.objects.all().delete()
    call_command("rebuild_mastery", at_once=0)
    assert "by the worker" in capsys.readouterr().out
    assert not ConceptMemory.objects.exists()
    call_command("work", "--batch")
    assert ConceptMemory.objects.filter(learner=alice).count() == 1


def test_leases_of_tasks_that_are_no_more_are_none_of_a_running_one(db):
    Lease.objects.create(task=uuid4(), seen_at=timezone.now())
    under_way(leave_traces, 1, 0, "", tries=1)
    assert leases.take_back() == 1
