"""Letters with what there is to do."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from mlprep.digest.sending import Sent, send_digests
from progress.models import User
from tests.factories import make_card, make_plan_task
from tests.progress.accounts.test_letters import a_closed_port


@pytest.fixture
def alice(alice):
    alice.digest = "daily"
    alice.save()
    prove(alice)
    return alice


def prove(learner: User, *, verified: bool = True) -> None:
    """The learner's address is theirs, as the link in a letter has shown."""
    EmailAddress.objects.update_or_create(
        user=learner, email=learner.email, primary=True, defaults={"verified": verified}
    )


def path_off() -> str:
    return re.search(r"https?://[^/]+(/settings/letters/\S+/off/)", mail.outbox[0].body)[1]


def test_a_letter_says_what_is_to_do_today_and_goes_out_once_a_day(alice, bob):
    make_plan_task(alice, title="Read about attention", minutes=25)
    make_card()
    # Not five minutes before the learner's day begins.
    now = timezone.now().replace(hour=12)
    assert send_digests(now) == Sent(1, 0)
    assert send_digests(now + timedelta(minutes=5)) == Sent(0, 0)
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    assert letter.subject == "Today: 1 task"
    assert "Read about attention (25 min)" in letter.body
    assert "1 new" in letter.body
    assert send_digests(now + timedelta(days=1)) == Sent(1, 0)


def test_a_weekly_letter_waits_a_week_and_nothing_to_do_is_no_letter(alice):
    now = timezone.now()
    assert send_digests(now) == Sent(0, 0)
    User.objects.filter(pk=alice.pk).update(digest="weekly", digest_sent_on=None)
    make_card()
    assert [send_digests(now + timedelta(days=day)).sent for day in range(9)] == [1, 0, 0, 0, 0, 0, 0, 1, 0]


def test_whoever_did_not_ask_has_no_address_or_has_left_gets_none(alice, bob):
    make_card()
    User.objects.filter(pk=bob.pk).update(digest="daily", email="")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert send_digests(timezone.now()) == Sent(0, 0)


def test_no_letter_goes_to_an_address_that_is_not_proved_or_was_replaced_unproved(alice, bob):
    make_card()
    prove(alice, verified=False)
    User.objects.update(digest="daily")
    assert send_digests(timezone.now()) == Sent(0, 0)
    EmailAddress.objects.create(user=bob, email="second@example.org", verified=True)
    assert send_digests(timezone.now()) == Sent(0, 0)
    prove(alice)
    # The administration changed it; nobody has shown whose the new one is.
    User.objects.filter(pk=alice.pk).update(email="strange@example.org")
    send_digests(timezone.now())
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"]]


def test_the_link_in_the_letter_stops_it_without_signing_in(alice, client):
    make_card()
    send_digests(timezone.now())
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Stop them" in client.get(path_off()).content.decode()
    assert User.objects.get().digest == "daily"
    assert "have stopped" in client.post(path_off()).content.decode()
    assert User.objects.get().digest == "off"


def test_a_forged_link_stops_nothing(alice, client):
    assert client.post(f"/settings/letters/{alice.pk}:forged/off/").status_code == 404
    assert User.objects.get().digest == "daily"


def test_a_mail_server_that_is_away_is_asked_once_told_and_tried_again(alice, bob, settings):
    make_card()
    prove(bob)
    User.objects.update(digest="daily")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", a_closed_port()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_digests")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("send_digests")
    assert len(mail.outbox) == 2


def test_an_address_that_the_mail_server_refuses_keeps_no_other_letter_back(alice, bob, monkeypatch, caplog):
    make_card()
    prove(bob)
    User.objects.update(digest="daily")
    send = EmailBackend.send_messages

    def refuse(self, letters):
        if letters[0].to == ["alice@example.org"]:
            raise SMTPRecipientsRefused({"alice@example.org": (550, b"no such user")})
        return send(self, letters)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert send_digests(timezone.now()) == Sent(1, 1)
    assert "could not be sent" in caplog.text
    assert "alice" not in caplog.text


def test_without_a_mail_server_the_command_says_what_to_set(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_digests")


def test_letters_are_asked_for_in_the_settings_and_need_a_proved_address(as_bob, bob):
    sent = {"time_factor": "1.0", "digest": "weekly"}
    refused = as_bob.post("/settings/", sent)
    assert refused.status_code == 422
    assert "Confirm your e-mail address first" in refused.content.decode()
    page = as_bob.get("/settings/").content.decode()
    assert "bob@example.org is not confirmed yet" in page
    as_bob.post("/accounts/email/", {"email": "bob@example.org", "action_send": "1"})
    assert mail.outbox[0].to == ["bob@example.org"]
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    as_bob.post(link)
    as_bob.post("/settings/", sent)
    assert User.objects.get().digest == "weekly"
    assert "not confirmed" not in as_bob.get("/settings/").content.decode()
    EmailAddress.objects.all().delete()
    User.objects.update(email="", digest="off")
    refused = as_bob.post("/settings/", sent)
    assert refused.status_code == 422
    assert "no e-mail address" in refused.content.decode()
    assert "Add an address" in as_bob.get("/settings/").content.decode()


def test_whose_letters_wait_for_a_proof_can_still_save_other_settings(as_bob, bob):
    User.objects.update(digest="weekly")
    assert as_bob.post("/settings/", {"time_factor": "1.5", "digest": "weekly"}).status_code == 302
    assert User.objects.get().time_factor == 1.5
