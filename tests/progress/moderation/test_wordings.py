"""What becomes of reports, approvals and decisions when the comment changes or goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from progress.comments import services
from progress.models import Comment, CommentReport, CommentRevision, ModerationAct
from progress.moderation.services import hide_comment, settle_reports
from tests.factories import make_comment
from tests.progress.moderation.pages import PAGE, QUEUE, read, report


def edit(client, comment, body):
    return client.post(f"/comments/{comment.pk}/edit/", {"body": body})


# Reports


def test_a_settled_report_is_made_again_once_the_comment_says_something_else(as_alice, as_bob, as_milo, milo, comment):
    link = f'href="/comments/{comment.pk}/report/"'
    report(as_bob, comment)
    settle_reports(comment=comment, moderator=milo, now=timezone.now())
    report(as_bob, comment)
    assert not CommentReport.objects.open().exists()
    assert link not in read(as_bob, PAGE)
    edit(as_alice, comment, "Buy it here")
    assert link in read(as_bob, PAGE)
    report(as_bob, comment)
    report(as_bob, comment)
    assert CommentReport.objects.open().count() == 1
    assert "Buy it here" in read(as_milo, QUEUE)
    settle_reports(comment=comment, moderator=milo, now=timezone.now())
    edit(as_alice, comment, "Buy my course")
    report(as_bob, comment)
    assert not CommentReport.objects.open().exists()


def test_an_open_report_is_enough_however_often_the_comment_changes(as_alice, as_bob, comment):
    report(as_bob, comment)
    edit(as_alice, comment, "Buy it here")
    assert "You have reported this comment" in report(as_bob, comment).content.decode()
    assert CommentReport.objects.count() == 1


# Approval


@pytest.fixture
def first_is_held(settings):
    settings.MODERATE_FIRST_COMMENT = True


def test_an_approved_first_comment_waits_again_when_it_is_changed(first_is_held, as_alice, as_milo, client, concept):
    as_alice.post("/comments/on/MATH-001/", {"body": "Hello"})
    comment = Comment.objects.get()
    as_milo.post(f"/comments/{comment.pk}/approve/")
    assert "Hello" in read(client, PAGE)
    edit(as_alice, comment, "Buy my course")
    assert "Buy my course" not in read(client, PAGE)
    assert "A moderator reads this before everybody sees it" in read(as_alice, PAGE)
    assert "Buy my course" in read(as_milo, QUEUE)


def test_whoever_has_another_public_comment_changes_theirs_freely(first_is_held, as_alice, alice, client, concept):
    one, _ = make_comment(concept, alice, "One"), make_comment(concept, alice, "Other")
    edit(as_alice, one, "One, mended")
    assert "One, mended" in read(client, PAGE)


def test_without_the_setting_a_change_is_public_at_once(as_alice, client, comment):
    edit(as_alice, comment, "Mended")
    assert "Mended" in read(client, PAGE)


# Deleting


@pytest.mark.parametrize("by", ["page", "api"])
def test_what_was_reported_and_its_author_deletes_is_gone_but_moderators_read_it(
    by, as_alice, as_bob, as_milo, client, comment
):
    edit(as_alice, comment, "Buy it here")
    report(as_bob, comment)
    if by == "page":
        as_alice.post(f"/comments/{comment.pk}/delete/")
    else:
        assert as_alice.delete(f"/api/v1/comments/{comment.pk}/").status_code == 204
    for reader in (client, as_alice, as_bob, as_milo):
        assert "Buy it here" not in read(reader, PAGE)
        assert "Buy it here" not in read(reader, "/api/v1/concepts/MATH-001/comments/")
    assert "1&nbsp;comment" not in read(client, "/concepts/")
    for action in ("edit", "delete"):
        assert as_alice.get(f"/comments/{comment.pk}/{action}/").status_code == 404
    assert report(as_bob, comment).status_code == 404
    for shown in ("Buy it here", "Deleted by its author", "bob", "Leave it"):
        assert shown in read(as_milo, QUEUE)
    assert "Hide</a>" not in read(as_milo, QUEUE)
    as_milo.post(f"/comments/{comment.pk}/settle/")
    assert "Buy it here" not in read(as_milo, QUEUE)
    assert "Buy it here" in read(as_milo, f"{QUEUE}?show=deleted")
    history = read(as_milo, f"/comments/{comment.pk}/history/")
    for kept in ("Buy my course", "Buy it here", "deleted by its author", "bob", "left as it is"):
        assert kept in history


def test_what_nobody_reported_or_moderated_is_deleted_at_once(as_alice, comment):
    edit(as_alice, comment, "Second wording")
    as_alice.post(f"/comments/{comment.pk}/delete/")
    assert not Comment.objects.exists()
    assert not CommentRevision.objects.exists()


def test_what_was_deleted_is_forgotten_after_ninety_days(as_alice, as_bob, milo, concept, alice):
    comments = [make_comment(concept, alice, f"Wording {number}") for number in range(2)]
    for one in comments:
        report(as_bob, one)
        settle_reports(comment=one, moderator=milo, now=timezone.now())
        as_alice.post(f"/comments/{one.pk}/delete/")
    Comment.objects.filter(pk=comments[0].pk).update(deleted_at=timezone.now() - timedelta(days=91))
    assert services.forget_deleted(now=timezone.now()) == 1
    assert list(Comment.objects.values_list("pk", flat=True)) == [comments[1].pk]
    assert ModerationAct.objects.count() == CommentReport.objects.count() == 1


# Races


@pytest.mark.parametrize("by", ["page", "api"])
def test_a_change_does_not_overtake_a_hide(by, as_alice, milo, comment, monkeypatch):
    """The moderator hides between the author's reading and writing."""
    render = services._rendered

    def hidden_meanwhile(body):
        hide_comment(comment=comment, moderator=milo, reason="Advertising", now=timezone.now())
        return render(body)

    monkeypatch.setattr(services, "_rendered", hidden_meanwhile)
    if by == "page":
        assert edit(as_alice, comment, "Innocent").status_code == 404
    else:
        sent = {"body": "Innocent"}
        answer = as_alice.patch(f"/api/v1/comments/{comment.pk}/", sent, content_type="application/json")
        assert answer.status_code == 404
    comment.refresh_from_db()
    assert (comment.body, comment.hidden) == ("Buy my course", True)
    assert not CommentRevision.objects.exists()


def test_a_deletion_does_not_overtake_a_hide(alice, milo, comment):
    hide_comment(comment=comment, moderator=milo, reason="Advertising", now=timezone.now())
    with pytest.raises(services.CommentGone):
        services.delete_comment(comment=comment, now=timezone.now())
    assert Comment.objects.get().deleted_at is None


# Whose decision


@pytest.mark.parametrize("whose", ["milo", "mona"])
def test_a_moderator_decides_neither_on_their_own_nor_on_an_administrators_comment(
    whose, milo, mona, as_milo, as_mona, as_bob, concept
):
    author = {"milo": milo, "mona": mona}[whose]
    comment = make_comment(concept, author, "Mine")
    report(as_bob, comment)
    assert "An administrator decides on this one" in read(as_milo, QUEUE)
    for act in ("hide", "settle"):
        told = as_milo.post(f"/comments/{comment.pk}/{act}/", {"reason": "x"}, follow=True).content.decode()
        assert "are for an administrator to decide on" in told
    refused = as_milo.put(
        f"/api/v1/comments/{comment.pk}/hidden/", {"hidden": True, "reason": "x"}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not_yours")
    assert not ModerationAct.objects.exists()
    assert CommentReport.objects.open().exists()
    as_mona.post(f"/comments/{comment.pk}/hide/", {"reason": "Off topic"})
    comment.refresh_from_db()
    assert comment.hidden
    as_milo.post(f"/comments/{comment.pk}/show/")
    comment.refresh_from_db()
    assert comment.hidden
