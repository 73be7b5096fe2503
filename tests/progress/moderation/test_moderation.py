"""Reports, the moderators' page, first comments that wait, and what is kept of it all."""

import time
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from progress.models import Comment, CommentReport, CommentRevision, ModerationAct, User
from progress.moderation.services import approve_comment, hide_comment
from progress.records import WrittenOnce
from tests.factories import make_comment
from tests.progress.moderation.pages import HTMX, PAGE, QUEUE, read, report

# Reports


def test_a_learner_reports_a_comment_once_and_its_author_does_not_learn_of_it(as_bob, as_alice, as_milo, comment):
    assert f"/comments/{comment.pk}/report/" in read(as_bob, PAGE)
    assert "Advertising or spam" in read(as_bob, f"/comments/{comment.pk}/report/")
    page = report(as_bob, comment, words="A link to a shop").content.decode()
    assert "Thank you" in page
    assert report(as_bob, comment, reason="abuse").status_code == 200
    assert [(r.reason, r.words) for r in CommentReport.objects.all()] == [("spam", "A link to a shop")]
    assert "Reported</span>" in read(as_bob, PAGE)
    assert "eported" not in read(as_alice, PAGE)
    queue = read(as_milo, QUEUE)
    for shown in ("Buy my course", "Advertising or spam", "A link to a shop", "bob", "Reported by 1"):
        assert shown in queue


def test_htmx_gets_the_form_of_a_report_alone(as_bob, comment):
    part = as_bob.get(f"/comments/{comment.pk}/report/", headers=HTMX).content.decode()
    assert part.strip().startswith(f'<div id="report-{comment.pk}">')
    assert "Thank you" in report(as_bob, comment, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose what is wrong"),
        ({"reason": "nonsense"}, "not one of the available choices"),
        ({"reason": "other"}, "Say in your words"),
        ({"reason": "spam", "words": "x" * 501}, "501 characters"),
        ({"reason": "spam", "words": "nul \x00"}, "Null characters"),
    ],
)
def test_a_bad_report_is_refused_with_the_reason_and_kept_in_the_form(as_bob, comment, sent, told):
    response = as_bob.post(f"/comments/{comment.pk}/report/", sent)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not CommentReport.objects.exists()


def test_nobody_reports_what_is_theirs_or_hidden_or_waits(as_alice, as_bob, alice, concept, comment):
    assert report(as_alice, comment).status_code == 404
    assert f"/comments/{comment.pk}/report/" not in read(as_alice, PAGE)
    for state in ({"hidden": True}, {"held": True}):
        assert report(as_bob, make_comment(concept, alice, **state)).status_code == 404


def test_the_eleventh_report_in_an_hour_is_refused_until_the_hour_is_over(
    as_bob, alice, concept, settings, monkeypatch
):
    settings.LIMITS = {**settings.LIMITS, "reports": "10/h"}
    comments = [make_comment(concept, alice) for _ in range(11)]
    for one in comments[:10]:
        assert report(as_bob, one).status_code == 200
    refused = report(as_bob, comments[10], words="kept")
    assert refused.status_code == 429
    assert "Try again in 60 minutes" in refused.content.decode()
    assert "kept</textarea>" in refused.content.decode()
    later = SimpleNamespace(time=lambda: time.time() + 61 * 60, monotonic=time.monotonic)
    monkeypatch.setattr("mlprep.shared.limits.taking.time", later)
    assert report(as_bob, comments[10]).status_code == 200


# What moderators do


def test_a_moderator_hides_with_a_reason_that_the_author_reads_and_shows_again(
    as_milo, as_alice, as_bob, client, comment
):
    report(as_bob, comment)
    url = f"/comments/{comment.pk}/hide/"
    assert "Its author reads this" in read(as_milo, url)
    hidden = as_milo.post(url, {"reason": "Advertising"})
    assert hidden.url == f"{PAGE}#comment-{comment.pk}"
    for visitor in (client, as_bob):
        assert "Buy my course" not in read(visitor, PAGE)
    for reader in (as_alice, as_milo):
        assert "A moderator hid this: Advertising." in read(reader, PAGE)
    assert "Buy my course" not in read(as_milo, QUEUE)
    assert "Reason: Advertising (milo," in read(as_milo, f"{QUEUE}?show=hidden")
    as_milo.post(f"/comments/{comment.pk}/show/")
    assert "Buy my course" in read(client, PAGE)
    assert "A moderator hid" not in read(as_alice, PAGE)
    assert list(ModerationAct.objects.values_list("act", "reason", "moderator__username")) == [
        ("hide", "Advertising", "milo"),
        ("show", "", "milo"),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_comment_is_not_hidden_without_a_reason(as_milo, comment, reason):
    response = as_milo.post(f"/comments/{comment.pk}/hide/", {"reason": reason})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    comment.refresh_from_db()
    assert not comment.hidden


def test_a_comment_that_is_left_as_it_is_leaves_the_queue_until_somebody_else_reports_it(
    as_milo, as_bob, as_mona, comment, django_user_model
):
    report(as_bob, comment)
    after = as_milo.post(f"/comments/{comment.pk}/settle/", {"from": "queue"}, follow=True)
    assert after.redirect_chain == [(QUEUE, 302)]
    assert "stays as it is" in after.content.decode()
    assert "Buy my course" not in after.content.decode()
    report(as_bob, comment)
    assert "Nothing waits" in read(as_milo, QUEUE)
    report(as_mona, comment)
    assert "Buy my course" in read(as_milo, QUEUE)


def test_htmx_gets_the_queue_with_the_count_for_the_navigation(as_milo, as_bob, alice, concept, comment):
    report(as_bob, comment)
    report(as_bob, make_comment(concept, alice))
    sent = {"reason": "Advertising", "from": "queue"}
    part = as_milo.post(f"/comments/{comment.pk}/hide/", sent, headers=HTMX).content.decode()
    assert part.strip().startswith('<div id="queue"')
    assert 'id="waiting-side" hx-swap-oob="true">1<' in part
    assert "alice on MATH-001 is hidden." in part


def test_the_navigation_counts_what_waits_for_moderators_alone(as_milo, as_mona, as_alice, as_bob, client, comment):
    report(as_bob, comment)
    for moderator in (as_milo, as_mona):
        page = read(moderator, "/formulas/")
        assert 'id="waiting-side">1<' in page
    for other in (as_alice, as_bob, client):
        assert "oderation" not in read(other, "/formulas/")


def test_two_moderators_at_once_do_it_once(alice, milo, mona, concept, comment):
    now = timezone.now()
    assert hide_comment(comment=comment, moderator=milo, reason="First", now=now)
    assert not hide_comment(comment=comment, moderator=mona, reason="Second", now=now)
    comment.refresh_from_db()
    assert comment.hidden_reason == "First"
    assert ModerationAct.objects.count() == 1


@pytest.mark.parametrize("path", ["hide", "show", "approve", "settle", "history"])
def test_moderation_is_not_there_for_learners(as_alice, client, comment, path):
    url = f"/comments/{comment.pk}/{path}/"
    for method in ("get", "post"):
        assert getattr(as_alice, method)(url, {"reason": "mine"}).status_code == 404
        assert getattr(client, method)(url).url.startswith("/accounts/login/")
    assert as_alice.get(QUEUE).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_needs_8_queries_however_long(rows, as_milo, alice, bob, concept, django_assert_num_queries):
    for _ in range(rows):
        CommentReport.objects.create(comment=make_comment(concept, alice), reporter=bob, reason="spam")
    with django_assert_num_queries(8):
        read(as_milo, QUEUE)


def test_the_admin_hides_by_the_same_way(as_mona, comment):
    as_mona.post("/accounts/reauthenticate/", {"password": "mona's long password"})
    as_mona.post("/admin/progress/comment/", {"action": "hide", "_selected_action": comment.pk})
    assert ModerationAct.objects.get().moderator.username == "mona"
    page = read(as_mona, f"/admin/progress/comment/{comment.pk}/change/")
    assert "Hidden in the administration" in page
    as_mona.post("/admin/progress/comment/", {"action": "show", "_selected_action": comment.pk})
    comment.refresh_from_db()
    assert not comment.hidden


# First comments


@pytest.fixture
def first_is_held(settings):
    settings.MODERATE_FIRST_COMMENT = True


def test_a_first_comment_waits_until_a_moderator_approves_it(first_is_held, as_alice, as_bob, as_milo, client, concept):
    page = as_alice.post("/comments/on/MATH-001/", {"body": "My very first"}, follow=True).content.decode()
    assert "My very first" in page
    assert "Waiting for a moderator" in page
    for visitor in (client, as_bob):
        assert "My very first" not in read(visitor, PAGE)
    assert "comment<" not in read(client, "/concepts/").replace("&nbsp;", " ")
    assert "Waits for approval" in read(as_milo, QUEUE)
    comment = Comment.objects.get()
    as_alice.post("/comments/on/MATH-001/", {"body": "A second meanwhile"})
    assert "A second meanwhile" not in read(client, PAGE)
    approved = as_milo.post(f"/comments/{comment.pk}/approve/", {"from": "queue", "version": comment.version})
    assert approved.url == QUEUE
    assert "My very first" in read(client, PAGE)
    as_alice.post("/comments/on/MATH-001/", {"body": "A later one"})
    assert "A later one" in read(client, PAGE)


def test_a_text_changed_since_the_moderator_read_it_is_not_published(first_is_held, as_alice, as_milo, client, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "Harmless"})
    comment = Comment.objects.get()
    as_alice.post(f"/comments/{comment.pk}/edit/", {"body": "Buy my course"})
    sent = {"from": "queue", "version": comment.version}
    after = as_milo.post(f"/comments/{comment.pk}/approve/", sent, follow=True).content.decode()
    assert "changed since you read it" in after
    assert "Buy my course" not in read(client, PAGE)


def test_first_comments_wait_only_where_the_installation_says_so(as_alice, client, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "My very first"})
    assert "My very first" in read(client, PAGE)


def test_moderators_do_not_wait_for_each_other(first_is_held, as_milo, client, concept):
    as_milo.post("/comments/on/MATH-001/", {"body": "Welcome"})
    assert "Welcome" in read(client, PAGE)


def test_whose_first_comment_was_hidden_waits_again(first_is_held, as_alice, alice, milo, client, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "Buy my course"})
    hide_comment(comment=Comment.objects.get(), moderator=milo, reason="Advertising", now=timezone.now())
    as_alice.post("/comments/on/MATH-001/", {"body": "Buy it here"})
    assert "Buy it here" not in read(client, PAGE)


# What is kept


def test_moderators_read_what_a_comment_said_before(as_alice, as_milo, comment):
    for body in ("Second wording", "Third wording"):
        as_alice.post(f"/comments/{comment.pk}/edit/", {"body": body})
    page = read(as_milo, f"/comments/{comment.pk}/history/")
    assert page.index("Third wording") < page.index("Second wording") < page.index("Buy my course")
    assert list(CommentRevision.objects.values_list("body", flat=True)) == ["Buy my course", "Second wording"]


def test_what_is_kept_is_neither_changed_nor_deleted_but_goes_with_the_comment(as_alice, as_milo, alice, milo, comment):
    as_alice.post(f"/comments/{comment.pk}/edit/", {"body": "Second wording"})
    hide_comment(comment=comment, moderator=milo, reason="Advertising", now=timezone.now())
    for kept in (CommentRevision.objects.get(), ModerationAct.objects.get()):
        for change in (kept.save, kept.delete, type(kept).objects.all().delete):
            with pytest.raises(WrittenOnce):
                change()
        with pytest.raises(WrittenOnce):
            type(kept).objects.update(id=99)
    milo.delete()
    assert ModerationAct.objects.get().moderator is None
    assert "Advertising" in str(comment.acts.values())
    alice.delete()
    assert not CommentRevision.objects.exists()
    assert not ModerationAct.objects.exists()


def test_the_twenty_first_comment_or_change_in_ten_minutes_waits_and_the_text_is_kept(
    as_alice, alice, concept, settings
):
    settings.LIMITS = {**settings.LIMITS, "comments": "20/10m", "comment_changes": "20/10m"}
    comments = [make_comment(concept, alice) for _ in range(2)]
    for number in range(20):
        assert as_alice.post("/comments/on/MATH-001/", {"body": f"Comment {number}"}).status_code == 302
    refused = as_alice.post("/comments/on/MATH-001/", {"body": "One more"}, headers=HTMX)
    assert refused.status_code == 429
    assert "One more</textarea>" in refused.content.decode()
    told = as_alice.post("/api/v1/concepts/MATH-001/comments/", {"body": "x"}, content_type="application/json")
    assert (told.status_code, 0 < int(told.headers["Retry-After"]) <= 600) == (429, True)
    for number in range(20):
        assert as_alice.post(f"/comments/{comments[0].pk}/edit/", {"body": f"Wording {number}"}).status_code == 302
    refused = as_alice.post(f"/comments/{comments[1].pk}/edit/", {"body": "Too quick"})
    assert refused.status_code == 429
    assert "Too quick</textarea>" in refused.content.decode()
    assert Comment.objects.filter(body="Too quick").count() == 0


# Who moderates


def test_the_command_makes_a_moderator_and_takes_it_back(alice, capsys):
    call_command("moderator", "Alice")
    call_command("moderator")
    assert capsys.readouterr().out == "alice is a moderator.\nalice\n"
    assert User.objects.get(username="alice").may_moderate
    call_command("moderator", "alice", "--remove")
    assert not User.objects.get(username="alice").may_moderate
    with pytest.raises(CommandError, match="no user nobody"):
        call_command("moderator", "nobody")


def test_the_administration_makes_a_moderator(as_mona, alice):
    page = as_mona.get(f"/admin/progress/user/{alice.pk}/change/")
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    for name in ("date_joined", "last_login"):
        sent.pop(name, None)
    sent |= {"is_moderator": "on", "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    as_mona.post("/accounts/reauthenticate/", {"password": "mona's long password"})
    assert as_mona.post(f"/admin/progress/user/{alice.pk}/change/", sent).status_code == 302
    alice.refresh_from_db()
    assert alice.may_moderate
    assert not alice.is_staff


def test_a_moderator_does_not_administer(as_milo):
    assert as_milo.get("/admin/").status_code == 302
    assert as_milo.get("/quizzes/items/").status_code == 404


# The API


def test_the_api_reports_once_and_not_ones_own(as_bob, as_alice, client, comment):
    url = f"/api/v1/comments/{comment.pk}/reports/"
    sent = {"reason": "abuse", "words": "Rude"}
    made = as_bob.post(url, sent, content_type="application/json")
    assert (made.status_code, made.json()["reason"], made.json()["words"]) == (201, "abuse", "Rude")
    again = as_bob.post(url, sent, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_reported")
    assert as_alice.post(url, sent, content_type="application/json").status_code == 404
    assert client.post(url, sent, content_type="application/json").status_code == 401


@pytest.mark.parametrize("sent", [{}, {"reason": "other"}, {"reason": 3}, {"reason": "spam", "words": "x" * 501}, [1]])
def test_the_api_refuses_bad_reports(as_bob, comment, sent):
    url = f"/api/v1/comments/{comment.pk}/reports/"
    assert as_bob.post(url, sent, content_type="application/json").status_code == 400


def test_the_api_moderates(as_milo, as_bob, as_alice, client, alice, concept, comment):
    held = make_comment(concept, alice, "Waits", held=True)
    report(as_bob, comment)
    own = f"/api/v1/comments/{comment.pk}"
    queue = as_milo.get("/api/v1/comments/moderation/").json()["results"]
    assert [(row["body"], row["state"], len(row["reports"])) for row in queue] == [
        ("Buy my course", "published", 1),
        ("Waits", "waiting", 0),
    ]
    assert queue[0]["reports"][0]["reporter"] == "bob"
    bad = as_milo.put(f"{own}/hidden/", {"hidden": True}, content_type="application/json")
    assert (bad.status_code, list(bad.json())) == (400, ["reason"])
    sent = {"hidden": True, "reason": "Advertising"}
    assert as_milo.put(f"{own}/hidden/", sent, content_type="application/json").json()["state"] == "hidden"
    listed = "/api/v1/concepts/MATH-001/comments/"
    assert client.get(listed).json()["count"] == 0
    assert [row["hidden_reason"] for row in as_alice.get(listed).json()["results"]] == ["Advertising", ""]
    assert as_milo.get("/api/v1/comments/moderation/?show=hidden").json()["count"] == 1
    shown = as_milo.put(f"{own}/hidden/", {"hidden": False}, content_type="application/json")
    assert shown.json()["state"] == "published"
    approve = f"/api/v1/comments/{held.pk}/approve/"
    stale = as_milo.post(approve, {"before": "Something else"}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "comment_changed")
    approved = as_milo.post(approve, {"before": "Waits"}, content_type="application/json")
    assert approved.json()["state"] == "published"
    CommentReport.objects.create(comment=held, reporter=User.objects.get(username="bob"), reason="wrong")
    assert as_milo.post(f"/api/v1/comments/{held.pk}/settle/").json()["state"] == "published"
    assert as_milo.get("/api/v1/comments/moderation/").json()["count"] == 0
    kept = as_milo.get(f"{own}/history/").json()
    assert [act["act"] for act in kept["acts"]] == ["hide", "show"]
    assert (kept["reports"][0]["reporter"], kept["revisions"]) == ("bob", [])


def test_links_in_comments_give_no_weight_to_where_they_lead(as_alice, client, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "[shop](https://example.org/) <https://example.net/>"})
    html = Comment.objects.get().body_html
    assert html.count('rel="nofollow ugc noopener"') == html.count("<a ") == 2


def test_approval_of_what_does_not_wait_changes_nothing(milo, comment):
    assert not approve_comment(comment=comment, moderator=milo, now=timezone.now())
    assert not ModerationAct.objects.exists()
