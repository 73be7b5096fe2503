"""Topics, guides and the map: reading them, and marking what is read."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from concepts.library.loader import load_library
from concepts.models import Concept, Diagram, Guide, Topic
from progress.models import ItemDone, PartRead
from progress.standing import standing_of
from quizzes.exercises.models import ExerciseWork
from tests.factories import make_concept, make_evidence, make_exercise, make_topic


def test_the_course_is_there_to_read_for_anyone(client, library):
    """One load of the library for all that is asked of it."""
    check_a_topic(client)
    check_links_within_topics(client)
    check_links_of_guides(client)
    check_a_diagram(client)
    for show, count in (("", 21), ("?show=concepts", 41)):
        check_the_map(client, show, count)
    check_the_map_of_both(client)


def check_a_topic(client):
    page = client.get("/topics/attention/").content.decode()
    for title in (
        *("Overview", "Mathematical foundation", "Visual explanation", "Worked examples", "Implementation notes"),
        *("Common mistakes", "Interview questions", "Further reading"),
    ):
        assert f">{title}</h2>" in page
    assert page.count('<details class="question"') >= 6
    assert "<svg" in page
    assert "Mark as read" not in page
    assert "/topics/transformers/" in page
    assert "/exercises/attention/causal_mask/" in page


def check_links_within_topics(client):
    for topic in Topic.objects.all():
        page = client.get(topic.get_absolute_url()).content.decode()
        anchors = set(re.findall(r'id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors, topic
        assert len(re.findall(r'id="([^"]+)"', page)) == len(anchors), topic


def check_links_of_guides(client):
    seen: set[str] = set()
    for guide in Guide.objects.all():
        seen |= set(re.findall(r'href="(/[^"#?]*)', guide.html))
    assert seen
    for path in sorted(seen):
        assert client.get(path).status_code in {200, 302}, path


def check_a_diagram(client):
    drawing = Diagram.objects.first()
    address = f"/topics/{drawing.topic.slug}/diagrams/{drawing.name}-{drawing.theme}.svg"
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in response.headers["Cache-Control"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert b"<script" not in response.content
    assert client.get(address.replace("light", "pink").replace("dark", "pink")).status_code == 404


def test_parts_are_marked_and_unmarked_and_nobody_else_sees_it(as_alice, as_bob, alice):
    topic = make_topic(4, slug="four")
    for _ in range(2):
        as_alice.post("/topics/four/read/", {"part": "overview", "read": "on"})
    assert PartRead.objects.of(alice).count() == 1
    assert 'Read<span class="visually-hidden">: Overview' in as_alice.get("/topics/four/").content.decode()
    assert "mark as not read" not in as_bob.get("/topics/four/").content.decode()
    assert "1 of 2 parts read" in as_alice.get("/topics/").content.decode()
    as_alice.post("/topics/four/read/", {"part": "overview", "read": "off"})
    assert PartRead.objects.count() == 0
    assert as_alice.post("/topics/four/read/", {"part": "no-such-part", "read": "on"}).status_code == 404
    assert topic.parts.count() == 2


def test_marking_by_htmx_changes_the_button_and_the_contents(as_alice):
    make_topic(4, slug="four")
    body = {"part": "overview", "read": "on"}
    fragment = as_alice.post("/topics/four/read/", body, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-swap-oob="outerMorph"' in fragment
    assert '<li class="read">' in fragment


def test_what_was_read_survives_a_reload_of_the_library(as_alice, alice, library):
    as_alice.post("/topics/attention/read/", {"part": "overview", "read": "on"})
    Topic.objects.filter(slug="attention").update(title="Old")
    from concepts.models import LibraryFile

    LibraryFile.objects.all().delete()
    load_library(settings.LIBRARY_DIR)
    assert Topic.objects.get(slug="attention").title == "Attention"
    assert PartRead.objects.of(alice).count() == 1


def test_signed_out_nothing_is_marked(client, db):
    make_topic(4, slug="four")
    assert client.post("/topics/four/read/", {"part": "overview", "read": "on"}).status_code == 302
    assert PartRead.objects.count() == 0


def test_a_checklist_keeps_its_ticks(as_alice, as_bob, alice):
    checklist = [["a", "One"], ["b", "Two"]]
    guide = Guide.objects.create(
        slug="day", title="The day", summary="s", position=1, minutes=1, html="<p>x</p>", checklist=checklist
    )
    as_alice.post("/guides/day/checklist/", {"item": ["a", "zzz"]})
    assert list(ItemDone.objects.of(alice).values_list("item", flat=True)) == ["a"]
    page = as_alice.get("/guides/day/").content.decode()
    assert re.search(r'value="a" checked', page)
    assert not re.search(r'value="b" checked', page)
    assert "1 of 2" in page
    assert "checked" not in as_bob.get("/guides/day/").content.decode()
    as_alice.post("/guides/day/checklist/", {"item": ["b"]})
    assert list(ItemDone.objects.values_list("item", flat=True)) == ["b"]
    assert guide.items_done.count() == 1


def check_the_map(client, show, count):
    """Drawn twice, for wide screens and for narrow ones."""
    page = client.get(f"/concepts/map/{show}").content.decode()
    assert page.count('<g class="node') == 2 * count
    assert page.count('<th scope="row">') == count
    assert page.count('class="edge needs"') >= 2 * (count - 6)
    assert "%</text>" not in page


def check_the_map_of_both(client):
    """A line from each topic to each of its concepts; the concepts of no topic are named below."""
    page = client.get("/concepts/map/?show=both").content.decode()
    links = Topic.concepts.through.objects.count()
    assert page.count('class="edge holds"') == page.count(' part" transform') == 2 * links
    assert page.count('<g class="node') == 2 * (21 + links)
    assert "In no topic of the course" in page
    for concept in Concept.objects.all():
        assert concept.get_absolute_url() in page


def test_the_map_shows_mastery_and_not_what_was_only_read(as_alice, alice, client):
    """Half the concepts' mastery, half the exercises solved."""
    topic = make_topic(4, slug="four")
    concept = make_concept("MATH-001")
    topic.concepts.add(concept)
    exercises = [make_exercise(topic, slug=slug) for slug in ("one", "two")]
    as_alice.post("/topics/four/read/", {"part": "overview", "read": "on"})
    assert ">0%</text>" in as_alice.get("/concepts/map/").content.decode()
    ExerciseWork.objects.create(learner=alice, exercise=exercises[0], code="", solved_at=timezone.now())
    assert ">25%</text>" in as_alice.get("/concepts/map/").content.decode()
    make_evidence(alice, concept)
    known = standing_of(alice, [concept])[concept.pk].mastery
    percent = round(100 * (known + 0.5) / 2)
    assert percent > 25
    assert f">{percent}%</text>" in as_alice.get("/concepts/map/").content.decode()
    assert f">{percent}%</text>" in as_alice.get("/concepts/map/?show=both").content.decode()
    assert f">{round(100 * known)}%</text>" in as_alice.get("/concepts/map/?show=both").content.decode()
    assert "%</text>" not in client.get("/concepts/map/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("show", "count"), [("", 15), ("?show=concepts", 8), ("?show=both", 15)])
def test_the_map_needs_as_many_queries_however_much_there_is(rows, show, count, as_alice, django_assert_num_queries):
    for number in range(1, rows + 1):
        topic = make_topic(number)
        topic.concepts.add(make_concept(f"MATH-00{number}"))
        make_exercise(topic)
    as_alice.get("/concepts/map/")
    with django_assert_num_queries(count):
        as_alice.get(f"/concepts/map/{show}")


def test_an_empty_library_has_an_empty_map(client, db):
    for show in ("", "?show=concepts", "?show=both", "?show=nonsense"):
        assert client.get(f"/concepts/map/{show}").status_code == 200


def test_the_list_of_topics_needs_as_many_queries_however_many_there_are(as_alice, django_assert_num_queries):
    make_exercise(make_topic(1))
    as_alice.get("/topics/")
    with django_assert_num_queries(8):
        as_alice.get("/topics/")
    for number in range(2, 6):
        make_exercise(make_topic(number))
    with django_assert_num_queries(8):
        as_alice.get("/topics/")


def test_a_concept_leads_to_its_topics_and_exercises(client, db):
    concept = make_concept("MATH-001")
    topic = make_topic(2, title="Vectors")
    topic.concepts.add(concept)
    make_exercise(topic).concepts.add(concept)
    page = client.get("/concepts/MATH-001/").content.decode()
    assert topic.get_absolute_url() in page
    assert f"/exercises/{topic.slug}/double/" in page
