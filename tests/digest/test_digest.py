"""Letters with what there is to do."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from mlprep.digest import sending
from mlprep.digest.sending import Sent, send_digests
from progress.models import User
from tests.factories import make_card, make_plan_task


@pytest.fixture
def alice(alice):
    alice.digest = "daily"
    alice.save()
    return alice


def path_off() -> str:
    return re.search(r"https?://[^/]+(/settings/letters/\S+/off/)", mail.outbox[0].body)[1]


def test_a_letter_says_what_is_to_do_today_and_goes_out_once_a_day(alice, bob):
    make_plan_task(alice, title="Read about attention", minutes=25)
    make_card()
    now = timezone.now()
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


def test_a_mail_server_that_refuses_is_told_and_tried_again(alice, monkeypatch):
    make_card()

    def refuse(*_):
        raise ConnectionRefusedError("no mail today")

    with monkeypatch.context() as broken:
        broken.setattr(sending, "digest_for", refuse)
        with pytest.raises(CommandError, match="1 could not be sent"):
            call_command("send_digests")
    call_command("send_digests")
    assert len(mail.outbox) == 1


def test_without_a_mail_server_the_command_says_what_to_set(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_digests")


def test_letters_are_asked_for_in_the_settings_and_need_an_address(as_bob, bob):
    sent = {"time_factor": "1.0", "digest": "weekly"}
    as_bob.post("/settings/", sent)
    assert User.objects.get().digest == "weekly"
    User.objects.update(email="", digest="off")
    refused = as_bob.post("/settings/", sent)
    assert refused.status_code == 422
    assert "no e-mail address" in refused.content.decode()
