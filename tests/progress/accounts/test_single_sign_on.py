"""Signing in by an OpenID provider: who is let in, who is not, and what happens while it is away."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import clear_script_prefix, set_script_prefix

from progress.models import Invitation, User
from tests.oidc_provider import CALLBACK, CLIENT_SECRET, LOGIN, Provider, begin, sign_in

pytestmark = pytest.mark.same_anywhere

CARLA = {"sub": "17", "email": "carla@example.org", "email_verified": True, "preferred_username": "carla"}


@pytest.fixture
def provider(settings, alice):
    with Provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.setting()
        yield provider


def who(client: Client) -> str | None:
    """The name of who is signed in."""
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).username if number else None


def test_whom_the_provider_sends_gets_an_account_and_finds_it_again(client, provider):
    assert "Sign in by Example" in client.get("/accounts/login/").content.decode()
    assert sign_in(client, provider, **CARLA).status_code == 302
    assert who(client) == "carla"
    carla = User.objects.get(username="carla")
    assert not carla.has_usable_password()
    assert EmailAddress.objects.get(user=carla).verified
    client.post("/accounts/logout/")
    assert who(client) is None
    later = Client()
    sign_in(later, provider, **{**CARLA, "email": "other@example.org", "preferred_username": "renamed"})
    assert who(later) == "carla"
    assert User.objects.count() == 2
    assert not SocialAccount.objects.get().socialtoken_set.exists()


def test_the_code_is_bound_by_state_nonce_and_pkce_and_the_secret_stays_on_the_server(client, provider):
    asked = parse_qs(urlsplit(begin(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert len(asked["state"][0]) >= 16
    assert len(asked["nonce"][0]) >= 16
    assert CLIENT_SECRET not in str(asked)
    sign_in(client, provider, **CARLA)
    assert len(provider.sent[-1]["code_verifier"]) >= 43


@pytest.mark.parametrize("verified", [True, False, "false", None])
def test_an_address_alone_opens_nobodys_account(client, provider, alice, verified):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    sign_in(client, provider, sub="66", email=alice.email, email_verified=verified, preferred_username="alice")
    assert who(client) != "alice"
    assert not SocialAccount.objects.filter(user=alice).exists()
    assert EmailAddress.objects.get(email=alice.email, verified=True).user == alice


@pytest.mark.parametrize("verified", ["false", "true", 1, "yes", None])
def test_an_address_is_proved_by_a_true_claim_and_by_nothing_like_it(client, provider, verified):
    sign_in(client, provider, **{**CARLA, "email_verified": verified})
    assert who(client) == "carla"
    assert not EmailAddress.objects.get(user__username="carla").verified


def test_an_address_that_somebody_took_unproved_is_proved_by_the_provider_for_its_owner(client, provider, alice):
    EmailAddress.objects.create(user=alice, email=CARLA["email"], verified=False, primary=True)
    sign_in(client, provider, **CARLA)
    assert who(client) == "carla"
    assert EmailAddress.objects.get(email=CARLA["email"], verified=True).user.username == "carla"


def test_a_taken_name_gets_another_and_nobody_elses_account(client, provider):
    sign_in(client, provider, **{**CARLA, "preferred_username": "alice"})
    assert who(client) not in {None, "alice"}


def test_closed_is_closed_for_newcomers_of_the_provider_but_not_for_whom_is_known(client, provider, settings):
    sign_in(client, provider, **CARLA)
    settings.REGISTRATION = "closed"
    newcomer = Client()
    page = sign_in(newcomer, provider, **{**CARLA, "sub": "18", "email": "new@example.org"})
    if page.status_code == 302:
        page = newcomer.get(page.headers["Location"])
    assert "No new accounts for now" in page.content.decode()
    assert who(newcomer) is None
    known = Client()
    sign_in(known, provider, **CARLA)
    assert who(known) == "carla"


def test_an_invitation_lets_one_newcomer_of_the_provider_in(client, provider, settings):
    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create()
    uninvited, second = Client(), Client()
    sign_in(uninvited, provider, **CARLA)
    assert who(uninvited) is None
    client.get(invitation.path)
    second.get(invitation.path)
    sign_in(client, provider, **CARLA)
    assert who(client) == "carla"
    invitation.refresh_from_db()
    assert invitation.accepted_by.username == "carla"
    sign_in(second, provider, **{**CARLA, "sub": "18", "email": "", "preferred_username": "second"})
    assert who(second) is None
    assert not User.objects.filter(username="second").exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nonce": "of another request"},
        {"nonce": None},
        {"sub": "somebody else"},
        {"sub": None},
    ],
    ids=lambda claims: "{}={}".format(*next(iter(claims.items()))),
)
def test_an_id_token_that_is_not_for_this_request_lets_nobody_in(client, provider, claims):
    provider.claims = claims
    page = sign_in(client, provider, **CARLA)
    assert page.status_code == 401
    assert who(client) is None
    assert not User.objects.filter(username="carla").exists()


@pytest.mark.parametrize("signer", ["strange", "shared secret", "nobody"])
def test_an_id_token_that_the_provider_did_not_sign_lets_nobody_in(client, provider, signer):
    provider.signed_by = signer
    assert sign_in(client, provider, **CARLA).status_code == 401
    assert who(client) is None


def test_without_an_id_token_or_with_userinfo_of_another_nobody_comes_in(client, provider):
    provider.sends_id_token = False
    assert sign_in(client, provider, **CARLA).status_code == 401
    provider.sends_id_token, provider.userinfo = True, {"sub": "alice's"}
    assert sign_in(client, provider, **CARLA).status_code == 401
    assert who(client) is None


def test_an_answer_to_somebody_elses_request_lets_nobody_in(client, provider):
    provider.person = CARLA
    theirs = provider.consent(begin(Client()))
    assert client.get(f"{CALLBACK}?{urlencode(theirs)}").status_code == 401
    # With a state of one's own the code is still bound to the other's verifier.
    mine = provider.consent(begin(client))
    assert client.get(f"{CALLBACK}?{urlencode({**mine, 'code': theirs['code']})}").status_code == 401
    assert who(client) is None


def test_an_answer_works_once(client, provider):
    provider.person = CARLA
    back = f"{CALLBACK}?{urlencode(provider.consent(begin(client)))}"
    client.get(back)
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 401
    assert who(client) is None


def test_who_says_no_at_the_provider_is_told_so_calmly(client, provider):
    state = provider.consent(begin(client))["state"]
    page = client.get(f"{CALLBACK}?{urlencode({'error': 'access_denied', 'state': state})}", follow=True)
    assert page.status_code == 200
    assert "cancel" in page.content.decode().lower()


def assert_away(page):
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "no-store" in page.headers["Cache-Control"]
    assert "Example does not answer" in page.content.decode()


def test_while_the_provider_is_away_one_is_told_and_can_sign_in_otherwise(client, provider):
    back = provider.consent(begin(client))
    provider.stop()
    assert_away(client.post(LOGIN))
    assert_away(client.get(f"{CALLBACK}?{urlencode(back)}"))
    assert "/accounts/login/" in client.post(LOGIN).content.decode()
    assert not User.objects.filter(username="carla").exists()


@pytest.mark.parametrize("how", ["broken", "silent"])
@pytest.mark.parametrize("part", ["/.well-known/openid-configuration", "/token", "/userinfo", "/keys"])
def test_whatever_part_of_the_provider_fails_is_told_calmly_and_nothing_is_half_done(client, provider, how, part):
    provider.person = CARLA
    back = provider.consent(begin(client))
    getattr(provider, how).add(part)
    assert_away(client.get(f"{CALLBACK}?{urlencode(back)}"))
    assert who(client) is None
    assert not User.objects.filter(username="carla").exists()


@pytest.mark.parametrize("lacking", ["token_endpoint", "issuer", "jwks_uri", "authorization_endpoint"])
def test_a_provider_that_describes_itself_wrongly_is_told_calmly(client, provider, lacking):
    provider.discovery = {lacking: None}
    assert_away(client.post(LOGIN))


def test_a_provider_is_waited_for_a_few_seconds_only():
    from allauth.socialaccount import app_settings

    assert app_settings.REQUESTS_TIMEOUT <= 10


def test_below_a_path_the_provider_sends_back_below_it(client, provider):
    set_script_prefix("/prep/")
    try:
        asked = parse_qs(urlsplit(begin(client)).query)
    finally:
        clear_script_prefix()
    assert urlsplit(asked["redirect_uri"][0]).path == "/prep" + CALLBACK
