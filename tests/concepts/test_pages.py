"""The list of concepts, a concept and the formulas, as visitors and learners see them."""

import re

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concepts.models import Concept, Status
from progress.models import ConceptStatus
from progress.services import set_status
from progress.standing import standing_of
from tests.factories import make_concept, make_evidence, make_subsection

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#concepts"}


def codes_on(response) -> list[str]:
    return re.findall(r'<tr id="row-([A-Z0-9-]+)"', response.content.decode())


@pytest.fixture
def four_concepts(db):
    math, nlp = make_subsection("Calculus"), make_subsection("Embeddings", "NLP", 2)
    return [
        make_concept("MATH-001", subsection=math, priority="high", week=1, name="Gradient"),
        make_concept("MATH-002", subsection=math, priority="low", week=1, name="Convexity"),
        make_concept("NLP-001", subsection=nlp, priority="high", week=2, name="Word2Vec"),
        make_concept("NLP-002", subsection=nlp, priority="medium", week=3, name="GloVe"),
    ]


def test_the_list_stands_under_sections_and_subsections_in_the_tracker_order(client, four_concepts):
    make_subsection("Decoding", "NLP", 1)
    page = client.get("/concepts/").content.decode()
    order = ["<h2>Math", "<h3>Calculus", "MATH-001", "MATH-002", "<h2>NLP", "<h3>Decoding", "<h3>Embeddings", "NLP-001"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert '<h3>Decoding</h3> <span class="small muted">nothing here yet' in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("section=math", ["MATH-001", "MATH-002"]),
        ("subsection=embeddings", ["NLP-001", "NLP-002"]),
        ("priority=high", ["MATH-001", "NLP-001"]),
        ("priority=high&priority=low", ["MATH-001", "MATH-002", "NLP-001"]),
        ("week=1&week=3", ["MATH-001", "MATH-002", "NLP-002"]),
        ("section=math&priority=high&week=1", ["MATH-001"]),
        ("section=math&week=3", []),
        ("week=77&priority=nonsense", ["MATH-001", "MATH-002", "NLP-001", "NLP-002"]),
        ("search=grad", ["MATH-001"]),
        ("search=%00&page=999999999999999999999", ["MATH-001", "MATH-002", "NLP-001", "NLP-002"]),
    ],
)
def test_filters_combine_and_live_in_the_address(client, four_concepts, query, codes):
    assert codes_on(client.get(f"/concepts/?{query}")) == codes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    weeks=st.sets(st.integers(0, 4)),
    priorities=st.sets(st.sampled_from(["high", "medium", "low", "x"])),
    statuses=st.sets(st.sampled_from(Status.values)),
)
def test_each_filter_leaves_just_what_it_says(as_alice, alice, four_concepts, weeks, priorities, statuses):
    set_status(learner=alice, concept=four_concepts[0], status=Status.MASTERED, now=timezone.now())
    set_status(learner=alice, concept=four_concepts[1], status=Status.NOT_STARTED, now=timezone.now())
    query = [*(f"week={w}" for w in weeks), *(f"priority={p}" for p in priorities), *(f"status={s}" for s in statuses)]
    shown = set(codes_on(as_alice.get(f"/concepts/?{'&'.join(query)}")))
    own = {"MATH-001": "mastered"}
    known_weeks, known_priorities = weeks & {1, 2, 3}, priorities & {"high", "medium", "low"}
    expected = {
        concept.code
        for concept in four_concepts
        if (not known_weeks or concept.week in known_weeks)
        and (not known_priorities or concept.priority in known_priorities)
        and (not statuses or own.get(concept.code, "not_started") in statuses)
    }
    assert shown == expected


def test_a_filter_chip_is_a_link_that_adds_to_the_filters_there_are(client, four_concepts):
    page = client.get("/concepts/?week=1").content.decode()
    assert 'href="?week=1&amp;priority=high"' in page
    assert re.search(r'id="week-1" class="chip on" href="\?"', page)


def test_htmx_gets_the_list_alone_and_a_restored_page_gets_all(client, four_concepts):
    fragment = client.get("/concepts/?week=1", headers=HTMX)
    assert codes_on(fragment) == ["MATH-001", "MATH-002"]
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    restored = client.get("/concepts/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_needs_as_many_queries_however_long(rows, as_alice, django_assert_num_queries):
    for _ in range(rows):
        make_concept()
    with django_assert_num_queries(11):
        as_alice.get("/concepts/")


def test_a_long_list_comes_in_pages(client, db):
    for _ in range(51):
        make_concept()
    assert len(codes_on(client.get("/concepts/"))) == 50
    assert len(codes_on(client.get("/concepts/?page=2"))) == 1


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sigma", "ML-001"),
        ("σ", "ML-001"),
        ("SIGMA", "ML-001"),
        ("theta gradient", "ML-002"),
        ("∇", "ML-002"),
        ("ML-002", "ML-002"),
        ("ml 002", "ML-002"),
        ("why does the logistic", "ML-001"),
        ("quokka", "ML-001"),
        ("ŷ", "ML-001"),
        ("logis", "ML-001"),
    ],
)
def test_search_finds_formulas_names_questions_and_answers_with_greek_letters_either_way(client, db, search, found):
    from concepts.models import ModelAnswer

    logistic = make_concept("ML-001", name="Logistic Regression", formula="ŷ = σ(Xw)", formula_latex="", notes="")
    ModelAnswer.objects.create(concept=logistic, body="The quokka smiles.")
    make_concept("ML-002", name="Descent", formula="θ = θ - α∇L(θ)", formula_latex="", notes="Follow the slope")
    assert codes_on(client.get("/concepts/", {"search": search})) == [found]


@pytest.mark.parametrize(
    "search", ['"', "'", "*", "a AND", "NEAR(", "x^2", "?", "%", "\\", "(", "a:b", "-", "ﬁ", "🙂", "_"]
)
def test_odd_searches_find_nothing_and_break_nothing(client, four_concepts, search):
    assert client.get("/concepts/", {"search": search}).status_code == 200


def test_a_hit_in_the_name_comes_before_one_in_the_notes(client, db):
    make_concept("ML-001", name="Margin", notes="like a kernel")
    make_concept("ML-002", name="Kernel trick", notes="")
    assert codes_on(client.get("/concepts/?search=kernel")) == ["ML-002", "ML-001"]


def test_search_follows_a_change(client, db):
    concept = make_concept("ML-001", name="Before")
    concept.name = "After"
    concept.save()
    assert codes_on(client.get("/concepts/?search=after")) == ["ML-001"]
    assert codes_on(client.get("/concepts/?search=before")) == []
    concept.delete()
    assert codes_on(client.get("/concepts/?search=after")) == []


def test_a_concept_page_shows_everything_of_the_tracker_line(client, library):
    page = client.get("/concepts/ML-002/").content.decode()
    for text in ["Logistic Regression", "Week 2", "High priority", "ŷ = σ(Xw+b); L = -Σ[y log(ŷ)]", "More exactly"]:
        assert text in page
    assert "Why cross-entropy not MSE for classification?" in page
    assert 'href="https://www.youtube.com/watch?v=yIYKR4sgzI8"' in page
    assert 'href="/concepts/ML-001/"' in page
    assert 'class="katex' in page


def test_codes_are_found_in_lower_case_and_unknown_ones_are_not(client, four_concepts):
    assert client.get("/concepts/math-001/").status_code == 200
    assert client.get("/concepts/NONE-001/").status_code == 404
    assert client.get("/concepts/%00/").status_code == 404


def test_previous_and_next_follow_the_tracker(client, four_concepts):
    page = client.get("/concepts/MATH-002/").content.decode()
    assert re.search(r'rel="prev" href="/concepts/MATH-001/"', page)
    assert re.search(r'rel="next" href="/concepts/NLP-001/"', page)


def test_a_click_sets_the_status_and_answers_with_the_row(as_alice, alice, four_concepts):
    headers = {**HTMX, "HX-Target": "tr#row-MATH-001"}
    response = as_alice.post("/concepts/MATH-001/status/", {"status": "learning"}, headers=headers)
    assert codes_on(response) == ["MATH-001"]
    assert re.search(r'value="learning" aria-pressed="true"', response.content.decode())
    assert ConceptStatus.objects.get(learner=alice).status == "learning"


def test_from_the_page_the_answer_is_the_standing(as_alice, four_concepts):
    headers = {**HTMX, "HX-Target": "section#standing"}
    page = as_alice.post("/concepts/MATH-001/status/", {"status": "mastered"}, headers=headers).content.decode()
    assert "89%" in page
    assert "<tr" not in page


def test_without_javascript_one_is_back_where_one_was(as_alice, four_concepts):
    response = as_alice.post("/concepts/MATH-001/status/", {"status": "learning", "next": "/concepts/?week=1"})
    assert response.url == "/concepts/?week=1#row-MATH-001"
    evil = as_alice.post("/concepts/MATH-001/status/", {"status": "learning", "next": "https://evil.example/"})
    assert evil.url == "/concepts/MATH-001/"


@pytest.mark.parametrize("status", ["", "expert", "\x00"])
def test_an_unknown_status_changes_nothing(as_alice, four_concepts, status):
    response = as_alice.post("/concepts/MATH-001/status/", {"status": status}, headers=HTMX)
    assert response.status_code == 422
    assert not ConceptStatus.objects.exists()


def test_a_status_needs_a_learner_and_a_post(client, as_alice, four_concepts):
    assert client.post("/concepts/MATH-001/status/", {"status": "learning"}).url.startswith("/accounts/login/")
    assert as_alice.get("/concepts/MATH-001/status/").status_code == 405


def test_the_list_shows_ones_own_status_and_mastery_and_nobody_elses(as_alice, as_bob, alice, four_concepts):
    make_evidence(alice, four_concepts[0])
    set_status(learner=alice, concept=four_concepts[0], status=Status.LEARNING, now=timezone.now())
    percent = standing_of(alice, [four_concepts[0]])[four_concepts[0].pk].percent
    assert 30 < percent < 60
    assert f'value="{percent}"' in as_alice.get("/concepts/").content.decode()
    assert f'value="{percent}"' not in as_bob.get("/concepts/").content.decode()


def test_all_formulas_stand_on_one_page(client, library):
    page = client.get("/formulas/").content.decode()
    for concept in Concept.objects.all():
        assert f'href="/concepts/{concept.code}/"' in page
    assert page.count("More exactly") >= 5


def test_the_landing_page_shows_concepts_and_today_shows_ones_own(client, as_alice, four_concepts):
    assert "Create an account" in client.get("/").content.decode()
    assert "0 of 4 concepts mastered" in as_alice.get("/").content.decode()
