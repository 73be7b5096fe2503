"""Concepts over the API, by the contract; the schema and its page."""

import pytest
from django.core.management import call_command

from tests.factories import make_concept, make_subsection

CONCEPTS = "/api/v1/concepts/"
LIST_FIELDS = {
    *("code", "name", "section", "subsection", "priority", "week", "formula", "formula_latex", "interview_question"),
    *("resource_url", "notes", "status", "mastery"),
}


def codes(response) -> list[str]:
    return [concept["code"] for concept in response.json()["results"]]


@pytest.fixture
def three_concepts(db):
    make_concept("ML-001", week=2, priority="low", name="Zeta")
    make_concept("ML-002", week=1, priority="high", name="Alpha")
    make_concept("NLP-001", subsection=make_subsection("Embeddings", "NLP", 2), week=3, priority="medium", name="Mu")


def test_the_list_is_paginated_and_has_the_fields_of_the_contract(client, three_concepts):
    body = client.get(CONCEPTS).json()
    assert set(body) == {"count", "next", "previous", "results"}
    assert set(body["results"][0]) == LIST_FIELDS
    assert body["results"][0]["section"] == "Math"
    assert client.get(f"{CONCEPTS}?page_size=2").json()["next"].endswith("page=2&page_size=2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("section=nlp", ["NLP-001"]),
        ("subsection=calculus&week=1", ["ML-002"]),
        ("priority=high&priority=low", ["ML-001", "ML-002"]),
        ("status=mastered", []),
        ("status=not_started", ["ML-001", "ML-002", "NLP-001"]),
        ("search=alpha", ["ML-002"]),
        ("ordering=name", ["ML-002", "NLP-001", "ML-001"]),
        ("ordering=-week", ["NLP-001", "ML-001", "ML-002"]),
        ("ordering=priority", ["ML-002", "NLP-001", "ML-001"]),
    ],
)
def test_filters_and_orderings(client, three_concepts, query, expected):
    assert codes(client.get(f"{CONCEPTS}?{query}")) == expected


def test_an_unknown_ordering_is_refused(client, three_concepts):
    assert client.get(f"{CONCEPTS}?ordering=password").status_code == 400


def test_a_concept_has_its_answer_and_its_neighbours(client, library):
    body = client.get(f"{CONCEPTS}MATH-011/").json()
    assert set(body) == LIST_FIELDS | {"answer_html", "prerequisites", "unlocks"}
    assert body["prerequisites"] == ["MATH-012"]
    assert "DL-002" in body["unlocks"]
    assert "katex" in body["answer_html"]
    assert client.get(f"{CONCEPTS}NONE-1/").status_code == 404


def test_a_status_is_set_and_shows_in_list_and_filter(as_alice, as_bob, three_concepts):
    url = f"{CONCEPTS}ML-001/status/"
    response = as_alice.put(url, {"status": "learning"}, content_type="application/json")
    assert (response.status_code, response.json()) == (200, {"status": "learning"})
    assert codes(as_alice.get(f"{CONCEPTS}?status=learning")) == ["ML-001"]
    assert codes(as_bob.get(f"{CONCEPTS}?status=learning")) == []
    assert as_alice.get(f"{CONCEPTS}ML-001/").json()["mastery"] == 0.4


@pytest.mark.parametrize("body", [{}, {"status": "expert"}, {"status": None}, [], "x"])
def test_a_bad_status_is_refused(as_alice, three_concepts, body):
    assert as_alice.put(f"{CONCEPTS}ML-001/status/", body, content_type="application/json").status_code == 400


def test_a_status_needs_a_learner_and_a_concept(client, as_alice, three_concepts):
    body = {"status": "learning"}
    assert client.put(f"{CONCEPTS}ML-001/status/", body, content_type="application/json").status_code == 401
    assert as_alice.put(f"{CONCEPTS}NONE-1/status/", body, content_type="application/json").status_code == 404
    assert as_alice.post(f"{CONCEPTS}ML-001/status/", body, content_type="application/json").status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_needs_as_many_queries_however_long(rows, as_alice, django_assert_num_queries):
    for _ in range(rows):
        make_concept()
    with django_assert_num_queries(10):
        as_alice.get(CONCEPTS)


def test_the_schema_is_without_warnings_and_names_every_call(db, client, tmp_path):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    schema = path.read_text()
    for url in ["auth/token/", "concepts/{code}/status/", "quizzes/{id}/answers/{number}/", "comments/{id}/"]:
        assert f"/api/v1/{url}:" in schema
    assert client.get("/api/schema/").status_code == 200
    assert client.get("/api/docs/").status_code == 200
