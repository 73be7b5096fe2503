"""Comments on a concept, through its page."""

import re

import pytest
from django.core.management import call_command

from mlprep.shared.rendering import RENDERER_VERSION
from progress.comments import services
from progress.models import Comment
from tests.factories import make_comment, make_concept

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def concept(db):
    return make_concept("MATH-001")


def test_a_comment_is_published_and_shown_with_its_formula(as_alice, concept):
    response = as_alice.post("/comments/on/MATH-001/", {"body": "I like $x^2$ and **bold**"}, follow=True)
    comment = Comment.objects.get()
    assert response.redirect_chain == [(f"/concepts/MATH-001/#comment-{comment.pk}", 302)]
    page = response.content.decode()
    assert "<strong>bold</strong>" in page
    assert 'class="katex"' in comment.body_html


def test_htmx_gets_the_comments_alone(as_alice, concept):
    page = as_alice.post("/comments/on/MATH-001/", {"body": "Short"}, headers=HTMX).content.decode()
    assert "1 comment" in page
    assert "<html" not in page


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001, "nul \x00 byte"])
def test_a_bad_text_is_refused_and_kept_in_the_form(as_alice, concept, body):
    response = as_alice.post("/comments/on/MATH-001/", {"body": body}, headers=HTMX)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Comment.objects.exists()


def test_line_ends_count_as_the_textarea_counts_them(as_alice, concept):
    lines = ["x" * 99] * 100
    assert as_alice.post("/comments/on/MATH-001/", {"body": "\r\n".join(lines)}).status_code == 302
    assert Comment.objects.get().body == "\n".join(lines)


def test_a_script_in_a_comment_never_becomes_one(as_alice, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "<script>alert(1)</script> [x](javascript:alert(1))"})
    assert "<script" not in Comment.objects.get().body_html
    assert "href" not in Comment.objects.get().body_html


def test_comments_come_in_pages_with_the_newest_first(as_alice, alice, concept):
    """All of them once stood on the one page, however many and long."""
    remarks = [make_comment(concept, alice, f"remark {number}.") for number in range(120)]

    def shown(address):
        page = as_alice.get(address).content.decode()
        assert "120 comments" in page
        numbers = [int(number) for number in re.findall(r"<p>remark (\d+)\.</p>", page)]
        return numbers, re.findall(r'href="([^"]*)#comments">(Earlier|Later) comments', page)

    url = concept.get_absolute_url()
    assert shown(url) == (list(range(70, 120)), [(f"{url}?skip=50", "Earlier")])
    assert shown(f"{url}?skip=50") == (list(range(20, 70)), [(f"{url}?skip=100", "Earlier"), (url, "Later")])
    assert shown(f"{url}?skip=100") == (list(range(20)), [(f"{url}?skip=50", "Later")])

    edited = as_alice.post(f"/comments/{remarks[0].pk}/edit/", {"body": "changed", "version": remarks[0].version})
    assert edited["Location"] == f"{url}?skip=100#comment-{remarks[0].pk}"
    assert "<p>changed</p>" in as_alice.get(edited["Location"]).content.decode()


@pytest.mark.parametrize("skip", ["", "-1", "x", "²", "9" * 40, "999999999"])
def test_a_page_of_comments_that_is_not_there_is_calm(skip, as_alice, alice, concept):
    make_comment(concept, alice)
    assert as_alice.get(f"{concept.get_absolute_url()}?skip={skip}").status_code == 200


def test_a_preview_shows_the_text_and_saves_nothing(as_alice, concept):
    page = as_alice.post("/comments/preview/", {"body": "*soon*"}, headers=HTMX).content.decode()
    assert "<em>soon</em>" in page
    assert "<html" not in page
    assert not Comment.objects.exists()


def test_one_edits_ones_own_comment(as_alice, alice, concept):
    comment = make_comment(concept, alice, "before")
    assert "before" in as_alice.get(f"/comments/{comment.pk}/edit/").content.decode()
    as_alice.post(f"/comments/{comment.pk}/edit/", {"body": "after"})
    comment.refresh_from_db()
    assert comment.body_html.strip() == "<p>after</p>"
    assert comment.edited_at
    assert "edited" in as_alice.get("/concepts/MATH-001/").content.decode()


def test_saving_a_comment_unchanged_does_not_mark_it_as_edited(as_alice, alice, concept):
    comment = make_comment(concept, alice, "the same\nas before")
    as_alice.post(f"/comments/{comment.pk}/edit/", {"body": "the same\r\nas before"})
    as_alice.patch(f"/api/v1/comments/{comment.pk}/", {}, content_type="application/json")
    comment.refresh_from_db()
    assert comment.edited_at is None


@pytest.mark.parametrize("fields", [{}, {"body": " "}, {"body": "x" * 10_001}])
def test_a_bad_change_is_refused_with_the_reason(as_alice, alice, concept, fields):
    comment = make_comment(concept, alice, "before")
    response = as_alice.post(f"/comments/{comment.pk}/edit/", fields)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    comment.refresh_from_db()
    assert comment.body == "before"


def test_one_deletes_ones_own_comment_after_being_asked(as_alice, alice, concept):
    comment = make_comment(concept, alice)
    assert "for good?" in as_alice.get(f"/comments/{comment.pk}/delete/").content.decode()
    assert Comment.objects.exists()
    as_alice.post(f"/comments/{comment.pk}/delete/")
    assert not Comment.objects.exists()


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_someone_elses_comment_is_not_found(as_bob, alice, concept, action):
    comment = make_comment(concept, alice)
    assert as_bob.get(f"/comments/{comment.pk}/{action}/").status_code == 404
    assert as_bob.post(f"/comments/{comment.pk}/{action}/", {"body": "mine"}).status_code == 404
    comment.refresh_from_db()
    assert comment.body == "A remark"


def test_an_author_cannot_edit_what_was_hidden(as_alice, alice, concept):
    comment = make_comment(concept, alice, hidden=True)
    assert as_alice.post(f"/comments/{comment.pk}/edit/", {"body": "again"}).status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_a_text_typed_before_signing_in_is_there_afterwards(client, alice, concept, htmx):
    sent = client.post("/comments/on/MATH-001/", {"body": "typed early"}, headers=HTMX if htmx else {})
    login = sent.headers["HX-Redirect"] if htmx else sent.url
    assert login == "/accounts/login/?next=/concepts/MATH-001/%23comments"
    assert not Comment.objects.exists()
    response = client.post(
        "/accounts/login/",
        {"login": "alice", "password": "alice's long password", "next": "/concepts/MATH-001/#comments"},
    )
    assert response.url == "/concepts/MATH-001/#comments"
    assert "typed early</textarea>" in client.get("/concepts/MATH-001/").content.decode()
    client.post("/comments/on/MATH-001/", {"body": "typed early"})
    assert "typed early</textarea>" not in client.get("/concepts/MATH-001/").content.decode()


def test_a_text_typed_before_signing_up_is_there_afterwards(client, concept):
    client.post("/comments/on/MATH-001/", {"body": "typed early"})
    client.post("/accounts/signup/", {"username": "newcomer", "password1": "some quite long words"})
    assert "typed early</textarea>" in client.get("/concepts/MATH-001/").content.decode()


def test_a_text_typed_early_goes_once_it_is_emptied(client, alice, concept):
    client.post("/comments/on/MATH-001/", {"body": "typed early"})
    client.force_login(alice)
    assert client.post("/comments/on/MATH-001/", {"body": ""}).status_code == 422
    assert "typed early" not in client.get("/concepts/MATH-001/").content.decode()


def test_a_visitor_who_empties_the_text_finds_it_empty(client, concept):
    client.post("/comments/on/MATH-001/", {"body": "typed early"})
    client.post("/comments/on/MATH-001/", {"body": ""})
    assert "typed early" not in client.get("/concepts/MATH-001/").content.decode()


def test_a_text_typed_early_outlives_a_comment_elsewhere(client, alice, concept):
    make_concept("MATH-002")
    client.post("/comments/on/MATH-001/", {"body": "typed early"})
    client.force_login(alice)
    client.post("/comments/on/MATH-002/", {"body": "something else"})
    assert "typed early</textarea>" in client.get("/concepts/MATH-001/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_concept_page_needs_as_many_queries_however_many_comments(
    rows, as_alice, bob, concept, django_assert_num_queries
):
    for _ in range(rows):
        make_comment(concept, bob)
    with django_assert_num_queries(16):
        as_alice.get("/concepts/MATH-001/")


def test_the_concept_list_counts_visible_comments(client, alice, concept):
    make_comment(concept, alice)
    make_comment(concept, alice, hidden=True)
    assert "1&nbsp;comment<" in client.get("/concepts/").content.decode()


@pytest.mark.parametrize("path", ["/comments/1/edit/", "/comments/1/delete/"])
def test_signed_out_visitors_are_asked_to_sign_in(client, db, path):
    assert client.get(path).url.startswith("/accounts/login/")


def test_the_api_lists_writes_changes_and_deletes(as_alice, alice, concept):
    url = "/api/v1/concepts/MATH-001/comments/"
    made = as_alice.post(url, {"body": "From *afar*"}, content_type="application/json")
    assert made.status_code == 201
    body = made.json()
    assert set(body) == {"id", "author", "body", "body_html", "created_at", "edited_at", "state", "hidden_reason"}
    assert (body["author"], body["edited_at"], body["state"]) == ("alice", None, "published")
    assert "<em>afar</em>" in body["body_html"]
    own = f"/api/v1/comments/{body['id']}/"
    changed = as_alice.patch(own, {"body": "Nearer"}, content_type="application/json").json()
    assert (changed["body"], bool(changed["edited_at"])) == ("Nearer", True)
    assert as_alice.get(url).json()["count"] == 1
    assert as_alice.delete(own).status_code == 204
    assert as_alice.get(url).json()["count"] == 0


def test_a_comment_sent_again_with_its_key_is_the_one_that_is_there(as_alice, as_bob, concept):
    url = "/api/v1/concepts/MATH-001/comments/"
    sent = {"body": "Once", "idempotency_key": "a-key-of-the-page"}
    first, again = (as_alice.post(url, sent, content_type="application/json") for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert as_bob.post(url, sent, content_type="application/json").json()["author"] == "bob"
    page = {"body": "By the page", "key": "another-key"}
    for _ in range(2):
        as_alice.post("/comments/on/MATH-001/", page)
    assert sorted(Comment.objects.values_list("body", flat=True)) == ["By the page", "Once", "Once"]
    assert as_alice.post("/comments/on/MATH-001/", {"body": "No key", "key": "!"}).status_code == 302


def test_a_page_that_another_has_overtaken_keeps_its_text_and_the_newer_stays(as_alice, alice, concept):
    comment = make_comment(concept, alice, "as both pages read it")
    url, version = f"/comments/{comment.pk}/edit/", comment.version
    assert f'value="{version}"' in as_alice.get(url).content.decode()
    assert as_alice.post(url, {"body": "by the first", "version": version}).status_code == 302
    refused = as_alice.post(url, {"body": "by the second", "version": version})
    comment.refresh_from_db()
    assert (refused.status_code, comment.body) == (409, "by the first")
    page = refused.content.decode()
    assert "by the first" in page
    assert "by the second</textarea>" in page
    assert as_alice.post(url, {"body": "by both", "version": comment.version}).status_code == 302
    own = f"/api/v1/comments/{comment.pk}/"
    change = {"body": "over the API", "before": "by the first"}
    refused = as_alice.patch(own, change, content_type="application/json")
    assert (refused.status_code, refused.json()["body"]) == (409, "by both")
    assert as_alice.patch(own, {**change, "before": "by both"}, content_type="application/json").status_code == 200


def test_the_api_hides_what_is_hidden_and_keeps_others_out(client, as_bob, alice, concept):
    comment = make_comment(concept, alice)
    own = f"/api/v1/comments/{comment.pk}/"
    assert as_bob.patch(own, {"body": "x"}, content_type="application/json").status_code == 404
    assert as_bob.delete(own).status_code == 404
    url = "/api/v1/concepts/MATH-001/comments/"
    assert client.post(url, {"body": "x"}, content_type="application/json").status_code == 401
    make_comment(concept, alice, hidden=True)
    assert client.get(url).json()["count"] == 1


@pytest.mark.parametrize("body", [{}, {"body": ""}, {"body": "\x00"}, {"body": "x" * 10_001}, {"body": None}, [1]])
def test_the_api_refuses_bad_texts(as_alice, concept, body):
    response = as_alice.post("/api/v1/concepts/MATH-001/comments/", body, content_type="application/json")
    assert response.status_code == 400


@pytest.fixture
def stale(concept, alice):
    comment = make_comment(concept, alice, "**old**")
    Comment.objects.update(renderer_version=RENDERER_VERSION - 1)
    return comment


def test_what_an_older_renderer_made_is_made_anew_once(stale, bob, capsys):
    make_comment(stale.concept, bob)
    call_command("render_comments")
    call_command("render_comments")
    assert capsys.readouterr().out == "Comments rendered anew: 1\nComments rendered anew: 0\n"
    stale.refresh_from_db()
    assert "<strong>old</strong>" in stale.body_html


def test_rendering_anew_loses_no_change_made_meanwhile(stale, monkeypatch):
    def render_while_the_author_edits(body, **bounds):
        Comment.objects.update(body="changed", body_html="<p>changed</p>")
        return f"<p>{body}</p>"

    monkeypatch.setattr(services, "render_learner_text", render_while_the_author_edits)
    services.render_stale_comments()
    stale.refresh_from_db()
    assert (stale.body, stale.body_html) == ("changed", "<p>changed</p>")


def test_the_admin_hides_comments_and_writes_none(as_mona, alice, concept):
    comment = make_comment(concept, alice)
    chosen = {"action": "hide", "_selected_action": comment.pk}
    as_mona.post("/accounts/reauthenticate/", {"password": "mona's long password"})
    as_mona.post("/admin/progress/comment/", chosen)
    comment.refresh_from_db()
    assert comment.hidden
    assert as_mona.post("/admin/progress/comment/add/", {"hidden": "on"}).status_code == 403


# Previews


def test_previews_and_forecasts_cost_so_are_limited_and_a_visitor_has_none(as_alice, as_bob, client, concept, settings):
    settings.LIMITS = {**settings.LIMITS, "previews": "3/m"}
    assert client.post("/comments/preview/", {"body": "*soon*"}).url.startswith("/accounts/login/")
    assert "Preview" not in client.get("/concepts/MATH-001/").content.decode()
    assert "Preview" in as_alice.get("/concepts/MATH-001/").content.decode()
    for path, sent in (("/comments/preview/", {"body": "x"}), ("/flashcards/preview/", {"front": "x", "back": "y"})):
        assert as_alice.post(path, sent, headers=HTMX).status_code == 200
    assert as_alice.get("/flashcards/target/").status_code == 200
    for path in ("/comments/preview/", "/flashcards/preview/"):
        told = as_alice.post(path, {"body": "x"}, headers=HTMX)
        assert (told.status_code, int(told.headers["Retry-After"]) <= 60) == (429, True)
        assert told.content.decode().startswith('<p class="notice warn" role="status">That was a lot at once.')
    for path in ("/flashcards/target/", "/flashcards/interview/"):
        assert as_alice.get(path).status_code == 429
    assert as_bob.post("/comments/preview/", {"body": "x"}, headers=HTMX).status_code == 200
