"""The syllabus's page: what is covered, what is not, and how far the learner is."""

import pytest
from django.utils import timezone

from concepts.models import Guide, Status
from progress.models import ItemDone
from progress.reading.services import mark_read
from progress.services import set_status
from progress.standing import standing_of
from quizzes.models import ExerciseWork
from tests.factories import make_concept, make_evidence, make_exercise, make_syllabus, make_topic


def page(client, query: str = "") -> str:
    response = client.get(f"/syllabus/{query}")
    assert response.status_code == 200
    return response.content.decode()


def bullet(html: str, number: int) -> str:
    """The bullet's own part of the page."""
    start = html.index(f'id="list-{number}"')
    return " ".join(html[start : html.index("</li>", start)].split())


def make_guide(slug: str, items: int = 2) -> Guide:
    return Guide.objects.create(
        slug=slug,
        title=f"Guide {slug}",
        summary="A guide.",
        position=Guide.objects.count() + 1,
        minutes=5,
        html="",
        checklist=[[f"item-{number}", f"Item {number}"] for number in range(items)],
    )


def test_a_bullet_leads_to_everything_that_covers_it(client, db):
    make_concept("ML-001", name="Line fitting")
    exercise = make_exercise(make_topic(slug="fitting", title="Fitting lines"))
    make_guide("statistics")
    make_syllabus(
        {
            "concepts": ["ML-001"],
            "topics": ["fitting"],
            "exercises": [str(exercise)],
            "guides": ["statistics"],
            "mocks": ["theory", "why-lines"],
        }
    )
    shown = bullet(page(client), 0)
    for link in (
        '<a href="/concepts/ML-001/">Line fitting</a>',
        '<a href="/topics/fitting/">Fitting lines</a>',
        '<a href="/exercises/fitting/double/">Doubling</a>',
        '<a href="/guides/statistics/">Guide statistics</a>',
        '<a href="/mocks/?kind=theory">theory</a>',
    ):
        assert link in shown
    assert "Not covered" not in shown


def test_what_nothing_covers_says_so_and_a_guide_that_names_it_does_not_count(client, db):
    make_concept("ML-001")
    make_guide("how-to-prepare")
    make_syllabus({"concepts": ["ML-001"], "missing": "the proof"}, {"named_in": ["how-to-prepare"]}, {})
    html = page(client)
    assert 'Not covered yet</span> <span class="muted">the proof' in bullet(html, 0)
    assert "what to know of it" in bullet(html, 1)
    assert "Not covered yet" in bullet(html, 2)
    assert "1 of 3 covered, 1 in part" in html


def test_a_place_that_is_retired_covers_nothing(client, db):
    make_topic(slug="gone", retired=True)
    make_syllabus({"topics": ["gone"]})
    assert "Not covered yet" in bullet(page(client), 0)


def test_a_visitor_sees_no_coverage_of_theirs(client, db):
    make_concept("ML-001")
    make_syllabus({"concepts": ["ML-001"]})
    html = page(client)
    assert "Your coverage" not in html
    assert "Weak for me" not in html
    assert 'class="own' not in html
    assert page(client, "?show=weak").count("Bullet 0") == 1


def test_a_learners_coverage_is_the_mean_of_what_the_links_show(as_alice, alice):
    topic = make_topic(slug="fitting")
    solved, unsolved = make_exercise(topic), make_exercise(topic, slug="triple")
    mark_read(learner=alice, topic=topic, part="overview", read=True, now=timezone.now())
    ExerciseWork.objects.create(learner=alice, exercise=solved, code="", solved_at=timezone.now())
    make_syllabus(
        {"topics": ["fitting"]},
        {"exercises": [str(solved)]},
        {"exercises": [str(unsolved)]},
        {"topics": ["fitting"], "exercises": [str(solved), str(unsolved)]},
        {"topics": ["fitting"], "exercises": [str(solved)]},
        {"mocks": ["theory"]},
        {},
    )
    html = page(as_alice)
    for number, (level, percent) in enumerate([(2, 50), (4, 100), (0, 0), (2, 50), (3, 75)]):
        shown = bullet(html, number)
        assert f'class="own m{level} num"' in shown
        assert (
            f'<span class="visually-hidden">Your coverage: </span>{percent}<span aria-hidden="true">%</span>' in shown
        )
        assert '<span class="visually-hidden"> per cent</span>' in shown
    for number in (5, 6):
        assert 'class="own none"' in bullet(html, number)
    assert "your coverage 55%" in html


def test_a_concept_counts_by_its_mastery(as_alice, alice):
    known, unknown = make_concept("ML-001"), make_concept("ML-002")
    set_status(learner=alice, concept=known, status=Status.MASTERED, now=timezone.now())
    make_syllabus({"concepts": [known.code]}, {"concepts": [known.code, unknown.code]})
    standings = standing_of(alice, [known, unknown])
    each = [standings[known.pk].mastery, (standings[known.pk].mastery + standings[unknown.pk].mastery) / 2]
    for number, share in enumerate(each):
        assert f"Your coverage: </span>{round(100 * share)}<" in bullet(page(as_alice), number)


def test_a_guides_checklist_counts_where_nothing_else_is_linked(as_alice, alice):
    concept, guide = make_concept("ML-001"), make_guide("interview-day")
    make_guide("calculus", items=0)
    ItemDone.objects.create(learner=alice, guide=guide, item="item-0")
    make_syllabus(
        {"guides": ["interview-day"]},
        {"guides": ["calculus"]},
        {"guides": ["interview-day"], "concepts": [concept.code]},
    )
    html = page(as_alice)
    assert 'class="own m2 num"' in bullet(html, 0)
    assert 'class="own none"' in bullet(html, 1)
    assert 'class="own m0 num"' in bullet(html, 2)


def test_another_learners_evidence_does_not_count(as_bob, alice):
    concept = make_concept("ML-001")
    make_evidence(alice, concept)
    make_syllabus({"concepts": ["ML-001"]})
    assert "your coverage 0%" in page(as_bob)


def test_filters_show_what_is_open_and_what_is_weak(as_alice, alice):
    read, unread = make_topic(slug="read"), make_topic(slug="unread")
    assert unread.parts.count() == 2
    mark_read(learner=alice, topic=read, part="overview", read=True, now=timezone.now())
    make_syllabus({"topics": ["read"]}, {"topics": ["unread"]}, {"topics": ["read"], "missing": "a"}, {})

    def shown(query: str) -> list[int]:
        html = page(as_alice, query)
        return [number for number in range(4) if f'id="list-{number}"' in html]

    assert shown("") == shown("?show=nonsense") == [0, 1, 2, 3]
    assert shown("?show=open") == [2, 3]
    assert shown("?show=weak") == [1]
    assert "3 of 4 covered" in page(as_alice, "?show=weak")


def test_a_filter_opens_the_sections_and_leaves_out_empty_headings(client, db):
    make_concept("ML-001")
    source = make_syllabus({"concepts": ["ML-001"]})
    inner = {"id": "in", "text": "In", "items": [{"id": "b", "text": "B"}]}
    source.entries += [
        {
            "id": "deep",
            "text": "Deep",
            "items": [
                {"id": "full", "text": "All covered", "items": [{"id": "a", "text": "A", "concepts": ["ML-001"]}]},
                {
                    "id": "outer",
                    "text": "Outer",
                    "items": [inner],
                },
            ],
        }
    ]
    source.save()
    everything, narrowed = page(client), page(client, "?show=open")
    assert "<details" in everything
    assert " open>" not in everything
    assert '<h4 class="group-4" id="outer">Outer</h4>' in narrowed
    assert '<h5 class="group-5" id="in">In</h5>' in narrowed
    assert "All covered" not in narrowed
    assert "Basics" not in narrowed
    assert 'id="deep" open>' in narrowed
    assert 'id="deep" open>' in page(client, "?open=1")


def test_text_of_the_file_is_never_markup(client, db):
    make_syllabus({"text": "<b>bold</b>", "note": "<i>", "missing": ""})
    html = page(client)
    assert "&lt;b&gt;bold" in html
    assert "<b>bold" not in html


def test_htmx_gets_the_tree_alone(client, db):
    make_syllabus({})
    response = client.get("/syllabus/?show=open", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    html = response.content.decode()
    assert html.strip().startswith('<div id="tree"')
    assert "<html" not in html


def test_the_page_only_reads(client, db):
    assert client.post("/syllabus/").status_code == 405
    assert "The library has no syllabus" in page(client)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_5_queries_signed_out_however_long(rows, client, db, django_assert_num_queries):
    fill(rows)
    with django_assert_num_queries(5):
        page(client)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_15_queries_for_a_learner_however_long(rows, as_alice, alice, django_assert_num_queries):
    fill(rows)
    page(as_alice)
    with django_assert_num_queries(15):
        page(as_alice)


def fill(rows: int) -> None:
    for number in range(rows):
        concept = make_concept()
        exercise = make_exercise(make_topic())
        guide = make_guide(f"guide-{number}")
        links = {
            "concepts": [concept.code],
            "topics": [exercise.topic.slug],
            "exercises": [str(exercise)],
            "guides": [guide.slug],
        }
        make_syllabus(*[links] * rows, slug=f"list{number}")
