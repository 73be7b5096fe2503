"""A copy of the database that lags is read only where nobody would notice, and connections are shared."""

import json
import re
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.faults.cast import PASSWORD
from tests.faults.databases import IS_POSTGRESQL
from tests.faults.installation import Installation

pytestmark = pytest.mark.django_db

SECONDS = 2
OLD, NEW = "As the replica has it", "As the primary has it"


@pytest.fixture(scope="module")
def lagging(prepared, tmp_path_factory):
    """An installation whose replica will never hear of what happens."""
    folder, behind = tmp_path_factory.mktemp("primary"), tmp_path_factory.mktemp("replica")
    rename = "UPDATE concepts_concept SET name = %s"
    made = Installation(folder, prepared.database.copied_to(folder), prepared.cast)
    made.database.change(rename, [(OLD,)])
    replica = made.database.copied_to(behind)
    made.database.change(rename, [(NEW,)])
    made.environment |= {
        "DATABASE_REPLICA_URL": replica.url,
        "DATABASE_REPLICA_SECONDS": str(SECONDS),
        "WORKER": "no",
        "WEB_CONCURRENCY": "1",
    }
    made.start()
    yield made
    made.kill()
    made.database.drop()
    replica.drop()


def read(installation: Installation, **cookies: str) -> str:
    """Which name the concept's page shows."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    answer = installation.call("GET", f"/concepts/{installation.cast['concept']}/", headers={"Cookie": cookie})
    assert answer.status == 200
    (found,) = {name for name in (OLD, NEW) if name in answer.text}
    return found


def sign_in(installation: Installation) -> dict[str, str]:
    """The cookies of a learner who has just signed in."""
    page = installation.call("GET", "/accounts/login/", headers={"Content-Type": "text/html"})
    name, _, csrf = page.headers["Set-Cookie"].split(";")[0].partition("=")
    fields = {
        "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1],
        "login": installation.cast["learners"][0]["name"],
        "password": PASSWORD,
    }
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"{name}={csrf}"}
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=30)
    connection.request("POST", "/accounts/login/", urlencode(fields), sent)
    response = connection.getresponse()
    pairs = [line.split(";")[0].split("=", 1) for line in response.headers.get_all("Set-Cookie")]
    connection.close()
    cookies = dict(pairs)
    assert {"session", "wrote"} <= cookies.keys()
    return cookies


def test_who_only_reads_reads_the_replica_and_who_wrote_the_primary_for_a_while(lagging):
    assert read(lagging) == OLD
    cookies = sign_in(lagging)
    assert read(lagging, **cookies) == NEW
    # The browser drops the mark after a while.
    del cookies["wrote"]
    assert read(lagging, **cookies) == OLD


def test_a_session_is_read_from_the_primary(lagging):
    cookies = sign_in(lagging)
    del cookies["wrote"]
    answer = lagging.call("GET", "/settings/", headers={"Cookie": f"session={cookies['session']}"})
    assert answer.status == 200


def test_the_api_reads_what_it_wrote(lagging):
    token, concept = lagging.cast["learners"][1]["token"], lagging.cast["concept"]
    changed = lagging.call("PUT", f"/api/v1/concepts/{concept}/status/", {"status": "mastered"}, token)
    assert changed.status == 200
    # A browser's mark is dropped after the time that is set.
    assert re.match(rf"wrote=1; .*HttpOnly; Max-Age={SECONDS};", changed.headers["Set-Cookie"])
    found = lagging.call("GET", f"/api/v1/concepts/{concept}/", None, token).json
    assert (found["name"], found["status"]) == (NEW, "mastered")


def test_a_replica_that_is_gone_is_not_missed(lagging, figure):
    lagging.kill()
    lagging.environment["DATABASE_REPLICA_URL"] = (
        "postgres://nobody@127.0.0.1:1/none" if IS_POSTGRESQL else "sqlite:////no/such/folder/none.sqlite3"
    )
    lagging.start()
    began = time.monotonic()
    assert read(lagging) == read(lagging) == NEW
    figure("the replica gone", f"2 pages in {time.monotonic() - began:.1f} s from the primary", "2 within 5 s")
    assert time.monotonic() - began < 5


BORROW = """
import json, threading, django
django.setup()
from django.db import connection
pids, together = set(), threading.Barrier(12)
def ask():
    together.wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.05)")
        pids.add(cursor.fetchone()[0])
    connection.close()
threads = [threading.Thread(target=ask) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
connection.close_pool()
print(json.dumps(len(pids)))
"""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite opens a file for each thread")
def test_threads_share_the_connections_of_the_pool(lagging):
    assert json.loads(lagging.run("-c", BORROW, DATABASE_POOL="3")) <= 3
