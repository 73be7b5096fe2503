"""Notes through their pages."""

import io
import re
import zipfile

import pytest
from django.core.management import call_command

from mlprep.shared.rendering import RENDERER_VERSION
from progress.domain.merging import digest
from progress.domain.note_files import read_note_file
from progress.kept.services import MOST
from progress.models import FocusSession, KeptText, Note
from progress.notes.services import Marks
from tests.factories import make_concept, make_focus, make_note, make_topic

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
URL = "/notes/concepts/DL-021/"


@pytest.fixture
def concept(db):
    return make_concept("DL-021", name="Softmax")


class Tab:
    """A page with the note open, as a browser has it: it sends what it was made with, and learns from each answer."""

    def __init__(self, client, url=URL):
        self.client, self.url = client, url
        self._read(client.get(url).content.decode())

    def _read(self, page):
        self.hidden = {
            **getattr(self, "hidden", {}),
            **dict(re.findall(r'name="(page|base\w*)" value="([^"]*)"', page)),
        }

    def types(self, body, *, script=True, **fields):
        sent = {**self.hidden, "body": body, **fields}
        response = self.client.post(self.url, sent, headers=HTMX if script else {})
        if script:
            self._read(response.content.decode())
        return response


def test_a_note_is_written_and_shown_with_its_formula(as_alice, alice, concept):
    fields = {"minutes": "40", "difficulty": "hard", "confidence": "3", "review_needed": "on"}
    response = Tab(as_alice).types("Why $e^{x_i}$ and **not** $x_i$?", script=False, **fields)
    assert response.url == URL
    note = Note.objects.of(alice).get()
    assert (note.minutes, note.difficulty, note.confidence, note.review_needed) == (40, "hard", 3, True)
    assert 'class="katex"' in note.body_html
    page = as_alice.get(URL).content.decode()
    assert "Why $e^{x_i}$ and **not** $x_i$?</textarea>" in page
    assert "<strong>not</strong>" in page
    assert re.search(r'value="3" checked', page)
    assert re.search(r'value="hard" checked', page)


def test_nothing_is_written_by_looking(as_alice, concept):
    as_alice.get(URL)
    as_alice.get("/notes/")
    as_alice.get("/notes/export/")
    assert not Note.objects.exists()


def test_a_topic_has_a_note_too(as_alice, alice, db):
    topic = make_topic(4, slug="attention", title="Attention")
    Tab(as_alice, "/notes/topics/attention/").types("Seen", script=False)
    assert Note.objects.of(alice).get().topic == topic
    assert "Seen" in as_alice.get("/topics/attention/").content.decode()


def test_what_is_typed_is_saved_bit_by_bit_and_told(as_alice, concept):
    tab = Tab(as_alice)
    for text in ("A", "A line", "A line more"):
        page = tab.types(text).content.decode()
        assert "Saved" in page
        assert "<html" not in page
    assert 'id="rendered"' in page
    assert Note.objects.get().body == "A line more"


def test_a_page_goes_on_though_an_answer_of_the_server_was_lost(as_alice, concept):
    tab = Tab(as_alice)
    first = dict(tab.hidden)
    tab.types("A")
    tab.hidden = first
    assert tab.types("AB").status_code == 200
    assert tab.types("").status_code == 200
    assert Note.objects.get().body == ""
    assert not KeptText.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_two_pages_lose_nothing_of_each_other(script, as_alice, alice, concept):
    one, other = Tab(as_alice), Tab(as_alice)
    one.types("from the first")
    response = other.types("from the second", script=script)
    assert response.status_code == 409
    if script:
        page = response.content.decode()
        assert "kept aside" in page
        assert ">Saved<" not in page
        other.types("from the second, longer")
        assert "kept aside" in page
    assert Note.objects.get().body == "from the first"
    kept = KeptText.objects.of(alice).get()
    assert kept.body == ("from the second, longer" if script else "from the second")
    assert kept.body in as_alice.get(URL).content.decode()

    as_alice.post(f"/notes/{Note.objects.get().pk}/kept/{kept.pk}/", {"action": "take"})
    assert Note.objects.get().body == f"from the first\n\n{kept.body}"
    assert not KeptText.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_only_so_many_texts_are_kept_aside_and_a_further_one_stays_in_its_form(script, as_alice, alice, concept):
    late = [Tab(as_alice) for _ in range(MOST + 1)]
    Tab(as_alice).types("stored")
    for number, tab in enumerate(late[:-1]):
        assert tab.types(f"aside {number}").status_code == 409
    response = late[-1].types("one too many", script=script)
    assert response.status_code == 422
    page = response.content.decode()
    assert "20 texts are kept aside for it already" in page
    assert script or "one too many</textarea>" in page
    assert late[0].types("aside 0, longer").status_code == 409
    assert KeptText.objects.of(alice).count() == MOST
    assert Note.objects.get().body == "stored"

    as_alice.post(f"/notes/{Note.objects.get().pk}/kept/{KeptText.objects.first().pk}/", {"action": "discard"})
    assert late[-1].types("one too many").status_code == 409


def test_a_page_that_changed_only_its_marks_leaves_the_text_of_the_other(as_alice, concept):
    one, other = Tab(as_alice), Tab(as_alice)
    one.types("from the first", review_needed="on")
    assert other.types("", confidence="2").status_code == 200
    note = Note.objects.get()
    assert (note.body, note.confidence) == ("from the first", 2)


def test_a_page_that_changed_only_its_text_leaves_the_marks_of_the_other(as_alice, alice, concept):
    make_note(alice, concept, "before")
    one, other = Tab(as_alice), Tab(as_alice)
    one.types("before", confidence="5", minutes="0")
    assert other.types("after", minutes="0").status_code == 200
    note = Note.objects.get()
    assert (note.body, note.confidence) == ("after", 5)


def test_a_kept_text_can_be_thrown_away_by_its_learner_alone(as_alice, as_bob, alice, concept):
    note = make_note(alice, concept)
    kept = KeptText.objects.create(learner=alice, place=note.place, page="p", body="aside")
    url = f"/notes/{note.pk}/kept/{kept.pk}/"
    assert as_bob.post(url, {"action": "discard"}).status_code == 404
    assert as_alice.get(url).status_code == 405
    as_alice.post(url, {"action": "discard"})
    assert not KeptText.objects.exists()
    assert Note.objects.get().body == "A thought"


def test_a_text_kept_aside_that_does_not_fit_stays_aside(as_alice, alice, concept):
    note = make_note(alice, concept, "x" * 40_000)
    kept = KeptText.objects.create(learner=alice, place=note.place, page="p", body="y" * 20_000)
    response = as_alice.post(f"/notes/{note.pk}/kept/{kept.pk}/", {"action": "take"}, follow=True)
    assert "too long" in response.content.decode()
    assert KeptText.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"body": "x" * 50_001},
        {"body": "nul \x00 byte"},
        {"confidence": "6"},
        {"difficulty": "very"},
        {"minutes": "-1"},
        {"minutes": "9" * 30},
    ],
)
@pytest.mark.parametrize("script", [True, False])
def test_a_bad_note_is_refused_and_stays_in_the_form(bad, script, as_alice, concept):
    response = Tab(as_alice).types(**{"body": "kept in the form", "script": script, **bad})
    assert response.status_code == 422
    assert "Not saved." in response.content.decode()
    if not script and "body" not in bad:
        assert "kept in the form</textarea>" in response.content.decode()
    assert not Note.objects.exists()


def test_a_script_in_a_note_never_becomes_one(as_alice, concept):
    Tab(as_alice).types("<script>alert(1)</script> [x](javascript:alert(1)) [[<script>]]")
    assert "<script" not in Note.objects.get().body_html


def test_brackets_link_to_concepts_and_topics_by_code_slug_or_name(as_alice, alice, concept):
    topic = make_topic(4, slug="attention", title="The attention layer")
    other = make_concept("ML-001", name="Bias and variance")
    Tab(as_alice).types(
        "See [[dl-021]], [[ML-001]], [[attention]], [[the  attention layer]], [[softmax]] and [[nothing]]; "
        "not `[[ML-001]]` nor $[[ML-001]]$."
    )
    note = Note.objects.get()
    assert note.named == [concept, other, topic]
    assert note.body_html.count('href="/concepts/ML-001/"') == 1
    assert note.body_html.count('href="/topics/attention/"') == 2
    assert "[[nothing]]" in note.body_html
    assert "Softmax" in as_alice.get("/notes/concepts/ML-001/").content.decode()
    Tab(as_alice).types("No links any more")
    assert Note.objects.get().named == []


def test_a_chosen_connection_becomes_a_link_without_a_script_too(as_alice, concept):
    make_concept("ML-001", name="Bias and variance")
    tab = Tab(as_alice)
    tab.types("Text", script=False, go="connect", connect="bias and variance")
    assert Note.objects.get().body == "Text\n\n[[ML-001]]"
    page = Tab(as_alice).types("Text", script=False, go="connect", connect="nothing")
    assert page.status_code == 302
    assert "No concept or topic is called that" in as_alice.get(URL).content.decode()


def test_headings_of_a_note_stand_below_those_of_its_page(as_alice, alice, concept):
    html = make_note(alice, concept, "# One\n\n##### Five").body_html
    assert "<h3>One</h3>" in html
    assert "<h6>Five</h6>" in html
    assert "One Five" in as_alice.get("/notes/").content.decode()


def test_the_list_finds_by_words_and_filters(as_alice, alice, bob, concept):
    make_note(alice, concept, "The temperature flattens it", confidence=2, review_needed=True)
    make_note(alice, make_topic(5, title="Optimisers"), "Momentum", confidence=4)
    make_note(alice, make_concept("ML-001", name="Bias"), "Nothing rated")
    make_note(bob, concept, "Bob's temperature")

    def found(query):
        page = as_alice.get(f"/notes/?{query}").content.decode()
        return set(re.findall(r'<a class="plain-link" href="/notes/[^"]*">([^<]*)</a>', page))

    everything = {"Softmax", "Optimisers", "Bias"}
    assert found("") == everything
    assert found("q=temperature+FLATTENS") == {"Softmax"}
    assert found("q=softmax") == found("q=dl-021") == {"Softmax"}
    assert found("q=optimisers") == {"Optimisers"}
    assert found("review=on") == {"Softmax"}
    assert found("confidence=4") == {"Optimisers"}
    assert found("confidence=none") == {"Bias"}
    assert found("kind=topics") == {"Optimisers"}
    assert found("kind=concepts") == {"Softmax", "Bias"}
    assert found("kind=concepts&confidence=4") == set()
    assert found("confidence=zzz&kind=zzz&q=%00&page=abc") == everything
    assert "Bob" not in as_alice.get("/notes/").content.decode()


def test_htmx_gets_the_list_alone(as_alice, alice, concept):
    make_note(alice, concept)
    page = as_alice.get("/notes/?q=thought", headers=HTMX).content.decode()
    assert "Softmax" in page
    assert "<html" not in page


def test_all_notes_are_taken_away_as_a_folder_of_markdown(as_alice, alice, bob, concept):
    other = make_note(alice, make_concept("ML-001", name="Bias/variance"), "")
    make_note(alice, concept, "Body with $x$\n\n[[ML-001]]", minutes=5, confidence=4, difficulty="hard")
    make_note(alice, make_topic(5, slug="optimisers", title="Optimisers"), "Momentum")
    make_note(bob, concept, "Bob's")
    make_focus(alice, concept, 25)
    response = as_alice.get("/notes/export/")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert sorted(archive.namelist()) == [
            "mlprep-notes/concepts/DL-021-Softmax.md",
            "mlprep-notes/concepts/ML-001-Bias-variance.md",
            "mlprep-notes/topics/05-optimisers.md",
        ]
        front, body = read_note_file(archive.read("mlprep-notes/concepts/DL-021-Softmax.md").decode())
    assert body == "Body with $x$\n\n[[ML-001]]"
    assert front["connections"] == ["ML-001"]
    assert (front["title"], front["concept"], front["confidence"]) == ("Softmax", "DL-021", 4)
    assert (front["minutes"], front["difficulty"], front["review_needed"]) == (30, "hard", False)
    assert other.body == ""


def test_a_note_is_deleted_with_what_was_kept_aside_and_the_times_stay(as_alice, alice, concept):
    note = make_note(alice, concept)
    KeptText.objects.create(learner=alice, place=note.place, page="p", body="aside")
    make_focus(alice, concept)
    assert "for good?" in as_alice.get(f"{URL}delete/").content.decode()
    assert Note.objects.exists()
    assert as_alice.post(f"{URL}delete/").url == "/notes/"
    assert not Note.objects.exists()
    assert not KeptText.objects.exists()
    assert FocusSession.objects.exists()


def test_somebody_elses_note_is_not_there(as_alice, as_bob, alice, concept):
    note = make_note(alice, concept, "secret thought", review_needed=True)
    assert "secret" not in as_bob.get(URL).content.decode()
    assert "secret" not in as_bob.get("/concepts/DL-021/").content.decode()
    assert "secret" not in as_bob.get("/notes/?q=secret").content.decode().replace('value="secret"', "")
    assert as_bob.post(f"{URL}delete/").status_code == 404
    assert as_bob.post(f"/notes/{note.pk}/kept/1/").status_code == 404
    Tab(as_bob).types("Bob's own")
    note.refresh_from_db()
    assert note.body == "secret thought"


@pytest.mark.parametrize("path", ["/notes/", "/notes/export/", URL, f"{URL}delete/", "/notes/topics/x/"])
def test_signed_out_visitors_are_asked_to_sign_in(client, db, path):
    assert client.get(path).url.startswith("/accounts/login/")
    assert 'id="note"' not in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/notes/concepts/NO-999/", "/notes/topics/none/", "/notes/concepts/NO-999/delete/"])
def test_what_is_not_in_the_library_has_no_note(as_alice, path):
    assert as_alice.get(path).status_code == 404


def test_wrong_methods_are_refused(as_alice, concept):
    assert as_alice.post("/notes/").status_code == 405
    assert as_alice.post("/notes/export/").status_code == 405
    assert as_alice.delete(URL).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_needs_5_queries_however_long(rows, as_alice, alice, concept, django_assert_num_queries):
    for _ in range(rows):
        make_note(alice, make_concept(), "See [[DL-021]]")
    with django_assert_num_queries(5):
        as_alice.get("/notes/")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_note_needs_12_queries_however_many_connections(rows, as_alice, alice, concept, django_assert_num_queries):
    for _ in range(rows):
        make_note(alice, make_concept(), "See [[DL-021]]")
        make_focus(alice, concept)
    make_note(alice, concept, " ".join(f"[[{code}]]" for code in Note.objects.values_list("concept__code", flat=True)))
    with django_assert_num_queries(12):
        as_alice.get(URL)


def test_the_export_needs_as_many_queries_however_many_notes(as_alice, alice, concept, django_assert_num_queries):
    make_note(alice, make_concept())
    with django_assert_num_queries(7):
        as_alice.get("/notes/export/")
    for _ in range(3):
        make_note(alice, make_concept(), "[[DL-021]]")
    with django_assert_num_queries(7):
        as_alice.get("/notes/export/")


def test_what_an_older_renderer_made_is_made_anew(alice, concept, capsys):
    make_note(alice, concept, "**old** [[DL-021]]")
    Note.objects.update(renderer_version=RENDERER_VERSION - 1, body_html="stale")
    call_command("render_comments")
    assert "Notes rendered anew: 1" in capsys.readouterr().out
    assert 'href="/concepts/DL-021/"' in Note.objects.get().body_html


def test_the_marks_of_a_note_have_a_digest_of_their_own():
    assert Marks().digest != Marks(confidence=1).digest
    assert Marks(confidence=1).digest == Marks(confidence=1).digest


def test_mona_sees_notes_in_the_admin_and_does_not_rewrite_them(as_mona, alice, concept):
    note = make_note(alice, concept, "hers")
    assert as_mona.get("/admin/progress/note/").status_code == 200
    page = as_mona.get(f"/admin/progress/note/{note.pk}/change/").content.decode()
    assert 'name="body"' not in page
    for model in ("keptText", "focussession", "weeklyreview"):
        assert as_mona.get(f"/admin/progress/{model.lower()}/").status_code == 200


# The API


API = "/api/v1/notes/concepts/DL-021/"


def test_the_api_writes_reads_lists_and_deletes(as_alice, alice, concept):
    assert as_alice.get(API).status_code == 404
    sent = {"body": "From *afar* [[DL-021]]", "confidence": 4, "review_needed": True}
    made = as_alice.put(API, sent, content_type="application/json")
    assert made.status_code == 200
    body = made.json()
    assert body == as_alice.get(API).json()
    assert (body["concept"], body["topic"], body["title"]) == ("DL-021", None, "Softmax")
    assert "<em>afar</em>" in body["body_html"]
    assert body["connections"] == ["DL-021"]
    assert body["version"] == digest(sent["body"])
    assert (body["confidence"], body["minutes"], body["difficulty"], body["review_needed"]) == (4, 0, "", True)
    assert [note["title"] for note in as_alice.get("/api/v1/notes/?review=true").json()["results"]] == ["Softmax"]
    assert as_alice.get("/api/v1/notes/?kind=topics").json()["count"] == 0
    assert as_alice.delete(API).status_code == 204
    assert not Note.objects.exists()
    assert as_alice.delete(API).status_code == 404


def test_the_api_has_notes_on_topics(as_alice, alice, db):
    make_topic(4, slug="attention")
    url = "/api/v1/notes/topics/attention/"
    assert as_alice.put(url, {"body": "Text"}, content_type="application/json").json()["topic"] == "attention"
    assert as_alice.get(url).json()["concept"] is None
    assert as_alice.get("/api/v1/notes/topics/none/").status_code == 404


def test_the_api_replaces_only_the_version_that_was_read(as_alice, alice, concept):
    version = as_alice.put(API, {"body": "one"}, content_type="application/json").json()["version"]
    assert as_alice.put(API, {"body": "two", "version": version}, content_type="application/json").status_code == 200
    late = as_alice.put(API, {"body": "three", "version": version}, content_type="application/json")
    assert late.status_code == 409
    assert Note.objects.get().body == "two"


@pytest.mark.parametrize(
    "bad", [{}, {"body": "x" * 50_001}, {"body": "x", "confidence": 9}, {"body": "x", "minutes": -1}, {"body": None}]
)
def test_the_api_refuses_a_bad_note(bad, as_alice, concept):
    assert as_alice.put(API, bad, content_type="application/json").status_code == 400
    assert not Note.objects.exists()


def test_the_api_is_for_its_learner_alone(client, as_bob, alice, concept):
    make_note(alice, concept)
    assert client.get(API).status_code in {401, 403}
    assert client.get("/api/v1/notes/").status_code in {401, 403}
    assert as_bob.get(API).status_code == 404
    assert as_bob.get("/api/v1/notes/").json()["count"] == 0
    assert as_bob.post(API).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_api_lists_in_7_queries_however_many(rows, as_alice, alice, concept, django_assert_num_queries):
    for _ in range(rows):
        make_note(alice, make_concept(), "[[DL-021]]")
    with django_assert_num_queries(7):
        as_alice.get("/api/v1/notes/")
