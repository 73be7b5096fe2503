"""What matters asks whoever has a session to prove who they are: by password, second step, or where they sign in."""

import re
import time
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows import reauthentication
from allauth.mfa.models import Authenticator
from django.test import Client

from progress.accounts import proving
from progress.models import ApiToken, User
from tests.security.elsewhere import Provider

pytestmark = pytest.mark.same_anywhere

NEW = {"password1": "quite different words", "password2": "quite different words"}
TOKEN = {"name": "Script", "scope": "write", "days": "30"}
DANGEROUS = {
    "/accounts/delete/": {"username": "alice"},
    "/accounts/tokens/": TOKEN,
    "/accounts/email/": {"email": "thief@example.org", "action_add": ""},
    "/accounts/sessions/": {},
    "/accounts/2fa/totp/activate/": {"code": "123456"},
    "/accounts/2fa/webauthn/add/": {"name": "mine"},
    "/accounts/2fa/recovery-codes/generate/": {},
}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    with Provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.setting()
        yield provider


@pytest.fixture
def from_elsewhere(provider, alice) -> Client:
    """Alice, who has no password here and has just come in by the provider."""
    return provider.knows(alice)


def question_of(client: Client, path: str) -> str:
    """The address of the form that asks where Alice signs in."""
    page = client.get(f"/accounts/reauthenticate/elsewhere/?next={path}").content.decode()
    return unescape(re.search(r'<form method="post" action="(/accounts/oidc[^"]+)"', page)[1])


def prove(provider: Provider, client: Client, path: str = "/accounts/"):
    return provider.answer_to(client, client.post(question_of(client, path)))


def asked(answer) -> bool:
    return answer.status_code == 302 and "/reauthenticate" in answer.headers["Location"]


def test_allauths_function_is_still_the_one_that_is_replaced():
    assert reauthentication.did_recently_reauthenticate is proving.has_proved


@pytest.mark.parametrize("path", DANGEROUS)
def test_a_stolen_session_does_nothing_dangerous(as_alice, alice, path):
    assert asked(as_alice.post(path, DANGEROUS[path]))
    assert User.objects.filter(pk=alice.pk, email="alice@example.org").exists()


@pytest.mark.parametrize("path", DANGEROUS)
def test_who_signs_in_elsewhere_is_asked_too(from_elsewhere, path):
    assert from_elsewhere.get("/progress/").status_code == 200
    assert asked(from_elsewhere.post(path, DANGEROUS[path]))


def test_a_stolen_session_from_elsewhere_sets_no_password(from_elsewhere, alice):
    assert asked(from_elsewhere.get("/accounts/password/set/"))
    assert asked(from_elsewhere.post("/accounts/password/set/", NEW))
    alice.refresh_from_db()
    assert not alice.has_usable_password()
    # Nor is the password kept until it is proved.
    assert NEW["password1"] not in str(dict(from_elsewhere.session))


def test_proving_it_elsewhere_does_what_was_about_to_be_done(provider, from_elsewhere):
    answer = from_elsewhere.post("/accounts/tokens/", TOKEN, follow=True)
    assert "Example" in answer.content.decode()
    done = prove(provider, from_elsewhere, "/accounts/tokens/")
    assert "it is shown this once" in done.content.decode()
    assert ApiToken.objects.count() == 1


def test_proving_it_elsewhere_sets_a_first_password(provider, from_elsewhere, alice):
    assert prove(provider, from_elsewhere, "/accounts/password/set/").headers["Location"] == "/accounts/password/set/"
    from_elsewhere.post("/accounts/password/set/", NEW)
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])


def test_proving_it_elsewhere_deletes_the_account(provider, from_elsewhere):
    prove(provider, from_elsewhere)
    for wrong in ({"username": "bob"}, {}):
        assert from_elsewhere.post("/accounts/delete/", wrong).status_code == 422
    from_elsewhere.post("/accounts/delete/", {"username": "alice"})
    assert not User.objects.exists()


def test_the_provider_is_told_to_ask_again(from_elsewhere):
    asked_there = from_elsewhere.post(question_of(from_elsewhere, "/accounts/")).headers["Location"]
    sent = parse_qs(urlsplit(asked_there).query)
    assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])


def test_proving_it_gives_the_session_a_new_name(provider, from_elsewhere):
    before = from_elsewhere.session.session_key
    prove(provider, from_elsewhere)
    assert from_elsewhere.session.session_key != before
    assert from_elsewhere.get("/progress/").status_code == 200


def test_a_provider_that_did_not_ask_again_proves_nothing(provider, from_elsewhere):
    provider.asked_ago = 3600
    assert "/reauthenticate/elsewhere/" in prove(provider, from_elsewhere).headers["Location"]
    assert asked(from_elsewhere.post("/accounts/tokens/", TOKEN))


def test_a_provider_that_does_not_say_when_it_asked_is_believed(provider, from_elsewhere):
    provider.asked_ago = None
    prove(provider, from_elsewhere)
    assert not asked(from_elsewhere.post("/accounts/tokens/", TOKEN))


def test_another_person_at_the_provider_proves_nothing(provider, from_elsewhere, bob):
    provider.knows(bob)
    for uid in ("bob-there", "nobody-here"):
        provider.uid = uid
        prove(provider, from_elsewhere)
        assert asked(from_elsewhere.post("/accounts/tokens/", TOKEN))
    assert User.objects.count() == 2


def test_signing_in_again_without_a_question_proves_nothing(provider, from_elsewhere):
    provider.answer_to(from_elsewhere, from_elsewhere.post("/accounts/oidc/oidc/login/?process=login"))
    assert asked(from_elsewhere.post("/accounts/tokens/", TOKEN))


def test_a_proof_lasts_five_minutes(provider, from_elsewhere, monkeypatch):
    prove(provider, from_elsewhere)
    now = time.time()
    monkeypatch.setattr(proving.time, "time", lambda: now + 301)
    assert asked(from_elsewhere.post("/accounts/tokens/", TOKEN))


def test_proving_it_elsewhere_leads_to_no_foreign_site(provider, from_elsewhere):
    assert "evil" not in question_of(from_elsewhere, "https://evil.example/")


def test_who_has_a_second_step_here_is_asked_for_that(provider, from_elsewhere, alice):
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    answer = from_elsewhere.post("/accounts/tokens/", TOKEN)
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    # The provider is no way round it.
    assert from_elsewhere.get("/accounts/reauthenticate/elsewhere/").status_code == 302
    path = "/accounts/oidc/oidc/login/?process=redirect&next=/accounts/tokens/"
    provider.answer_to(from_elsewhere, from_elsewhere.post(path))
    assert asked(from_elsewhere.post("/accounts/tokens/", TOKEN))


def test_who_has_nothing_to_prove_it_with_is_told_what_to_do(alice):
    alice.set_unusable_password()
    alice.save()
    client = Client()
    client.force_login(alice)
    page = client.post("/accounts/tokens/", TOKEN, follow=True).content.decode()
    assert "neither a password nor another way" in page


def test_a_visitor_proves_nothing(client, provider, alice):
    provider.knows(alice)
    back = provider.answer_to(client, client.post("/accounts/oidc/oidc/login/?process=redirect&next=/accounts/tokens/"))
    assert back.headers["Location"] == "/accounts/login/"
    assert client.get("/progress/").status_code == 302


def test_guessing_the_password_to_delete_an_account_is_limited(as_alice, alice):
    as_alice.post("/accounts/delete/", {"username": "alice"})
    statuses = [
        as_alice.post("/accounts/reauthenticate/", {"password": f"guess {number}"}).status_code for number in range(12)
    ]
    assert statuses[-1] == 429
    # The page itself looks at no password.
    as_alice.post("/accounts/delete/", {"username": "alice", "password": "alice's long password"})
    assert User.objects.filter(pk=alice.pk).exists()
