"""What becomes of accounts and pages while the mail server is away."""

import socket
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from mlprep import settings as product
from progress.models import User

pytestmark = pytest.mark.same_anywhere
NEWCOMER = {"username": "newcomer", "password1": "some quite long words", "email": "newcomer@example.org"}


def a_closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port at which somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture(params=["refuses", "is silent"])
def away(request, settings, silent_port):
    """The mail server is away, in one way or the other; gives what brings it back."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.1
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = silent_port if request.param == "is silent" else a_closed_port()

    def back():
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    return back


def test_a_mail_server_is_waited_for_a_few_seconds_only():
    assert 0 < product.EMAIL_TIMEOUT <= 15


def test_who_signs_up_meanwhile_has_an_account_that_works(alice, client, away):
    assert client.post("/accounts/signup/", NEWCOMER).status_code == 302
    assert client.get("/progress/").status_code == 200
    visitor = Client()
    credentials = {"login": "newcomer", "password": NEWCOMER["password1"]}
    assert visitor.post("/accounts/login/", credentials).status_code == 302
    assert "Send that letter" in visitor.get("/settings/").content.decode()
    away()
    visitor.post("/accounts/email/", {"email": NEWCOMER["email"], "action_send": "1"})
    assert [letter.to for letter in mail.outbox] == [[NEWCOMER["email"]]]


@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_a_reset_meanwhile_is_told_calmly_and_alike_for_everybody(alice, client, away, address):
    page = client.post("/accounts/password/reset/", {"email": address})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    assert "could not be sent" in page.content.decode()
    assert address not in page.content.decode()
    away()
    assert client.post("/accounts/password/reset/", {"email": address}).status_code == 302
    assert len(mail.outbox) == 1


def test_an_address_that_is_added_meanwhile_is_kept_and_its_letter_is_sent_later(as_alice, alice, away):
    as_alice.post("/accounts/reauthenticate/", {"password": "alice's long password"})
    page = as_alice.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"}, follow=True)
    assert page.status_code == 200
    assert "could not be sent" in page.content.decode()
    assert "sent to new@" not in page.content.decode()
    assert not EmailAddress.objects.get(user=alice, email="new@example.org").verified
    away()
    page = as_alice.post("/accounts/email/", {"email": "new@example.org", "action_send": "1"}, follow=True)
    assert "sent to new@example.org" in page.content.decode()
    assert mail.outbox[0].to == ["new@example.org"]
    assert User.objects.get().email == "alice@example.org"


def test_the_log_says_why_and_names_nobody(alice, client, away, caplog):
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert "A letter could not be sent" in caplog.text
    assert "alice" not in caplog.text


def test_each_address_has_its_own_buttons_for_what_can_be_done_with_it(as_alice, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    EmailAddress.objects.create(user=alice, email="new@example.org")
    page = as_alice.get("/accounts/email/").content.decode()
    first, second = (
        page.split(f'aria-label="{name}"')[1].split("</form>")[0] for name in (alice.email, "new@example.org")
    )
    assert 'name="action_send"' not in first
    assert 'name="action_send"' in second
    assert 'value="new@example.org"' in second
