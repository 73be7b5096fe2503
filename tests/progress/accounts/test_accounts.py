"""First run, sign-up by one setting, the account page, tokens."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from progress.accounts.adapter import AccountAdapter
from progress.accounts.middleware import FirstRunMiddleware
from progress.accounts.models import INVITATION_LIFETIME
from progress.models import Invitation, User
from tests.factories import make_comment, make_concept

ADMINISTRATOR = {"username": "Ada", "password": "correct horse battery"}
NEWCOMER = {"username": "newcomer", "password1": "some quite long words"}


@pytest.fixture
def new_installation(db, monkeypatch):
    monkeypatch.setattr(FirstRunMiddleware, "has_user", False)


@pytest.mark.parametrize("path", ["/", "/concepts/", "/accounts/login/", "/admin/"])
def test_a_new_installation_first_asks_for_its_administrator(client, new_installation, path):
    assert client.get(path).url == "/accounts/first-run/"


def test_a_new_installation_still_answers_health_checks_and_tells_programs(client, new_installation):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").status_code == 200
    response = client.get("/api/v1/concepts/")
    assert response.status_code == 503
    assert "/accounts/first-run/" in response.json()["detail"]


def test_the_first_account_administers_and_is_signed_in(client, new_installation):
    assert client.post("/accounts/first-run/", ADMINISTRATOR).url == "/"
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.is_staff) == ("ada", True, True)
    assert client.get("/admin/").status_code == 200
    assert client.get("/accounts/first-run/").status_code == 404
    assert client.post("/accounts/first-run/", ADMINISTRATOR).status_code == 404


@pytest.mark.parametrize("change", [{"password": "short"}, {"password": "password"}, {"username": ""}, {"email": "x"}])
def test_a_weak_start_is_refused_with_the_reason(client, new_installation, change):
    response = client.post("/accounts/first-run/", {**ADMINISTRATOR, **change})
    assert response.status_code == 422
    assert 'class="errors"' in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_first_accounts_at_once_one_gets_through():
    from progress.accounts.services import AlreadySetUp, create_first_administrator
    from tests.quizzes.test_concurrency import all_at_once

    def create(name):
        try:
            return create_first_administrator(username=name, email="", password="x")
        except AlreadySetUp:
            return None

    made = all_at_once(*(lambda name=name: create(name) for name in ("ada", "eve", "bob", "joe")))
    assert sum(user is not None for user in made) == 1
    assert User.objects.count() == 1


def test_once_there_is_a_user_the_check_costs_no_query(client, alice, new_installation, django_assert_num_queries):
    client.get("/healthz")
    client.get("/concepts/")
    assert FirstRunMiddleware.has_user
    with django_assert_num_queries(0):
        client.get("/accounts/nowhere-else")


def test_anybody_signs_up_where_registration_is_open(client, bob):
    assert client.post("/accounts/signup/", NEWCOMER).url == "/"
    assert not User.objects.get(username="newcomer").is_staff


def test_nobody_signs_up_where_it_is_closed(client, bob, settings):
    settings.REGISTRATION = "closed"
    assert "No new accounts for now" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", NEWCOMER)
    assert not User.objects.filter(username="newcomer").exists()
    assert "Sign up" not in client.get("/concepts/").content.decode()


def test_an_invitation_lets_one_person_in_once(client, bob, settings):
    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create()
    assert "No new accounts" in client.get("/accounts/signup/").content.decode()
    assert "Create your account" in client.get(invitation.path).content.decode()
    client.post("/accounts/signup/", NEWCOMER)
    invitation.refresh_from_db()
    assert invitation.accepted_by.username == "newcomer"
    client.post("/accounts/logout/")
    assert "No new accounts" in client.get(invitation.path).content.decode()


def test_two_people_with_one_invitation_one_gets_in(client, bob, settings):

    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create()
    other = Client()
    client.get(invitation.path)
    other.get(invitation.path)
    client.post("/accounts/signup/", NEWCOMER)
    other.post("/accounts/signup/", {**NEWCOMER, "username": "second"})
    assert not User.objects.filter(username="second").exists()


def test_an_invitation_is_given_away_by_the_database_alone(client, bob, settings, monkeypatch):

    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create()
    other = Client()
    client.get(invitation.path)
    other.get(invitation.path)
    # Both are past the look at the page, as when they post in the same moment.
    monkeypatch.setattr(AccountAdapter, "is_open_for_signup", lambda *_: True)
    client.post("/accounts/signup/", NEWCOMER)
    assert other.post("/accounts/signup/", {**NEWCOMER, "username": "second"}).url == "/accounts/signup/"
    assert not User.objects.filter(username="second").exists()
    assert "_auth_user_id" not in other.session


def test_an_invitation_is_not_open_again_when_its_account_is_deleted(client, bob, settings):
    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create()
    client.get(invitation.path)
    client.post("/accounts/signup/", NEWCOMER)
    client.post("/accounts/reauthenticate/", {"password": NEWCOMER["password1"]})
    client.post("/accounts/delete/", {"username": "newcomer"})
    assert not User.objects.filter(username="newcomer").exists()
    assert "No new accounts" in client.get(invitation.path).content.decode()


def test_an_invitation_ends_after_two_weeks(client, bob, settings):
    settings.REGISTRATION = "invite"
    invitation = Invitation.objects.create(created_at=timezone.now() - INVITATION_LIFETIME)
    assert "No new accounts" in client.get(invitation.path).content.decode()


def test_the_invite_command_prints_a_link_that_works(client, bob, settings, capsys):
    settings.REGISTRATION = "invite"
    call_command("invite", "--note", "for Grace")
    link = capsys.readouterr().out.strip()
    assert link.startswith(django_settings.SITE_URL + "/accounts/signup/?invitation=")
    assert "Create your account" in client.get(link.removeprefix(django_settings.SITE_URL)).content.decode()


def test_after_signing_in_one_is_where_one_was(client, alice):
    page = client.get("/progress/")
    assert page.url == "/accounts/login/?next=/progress/"
    credentials = {"login": "alice", "password": "alice's long password", "next": "/progress/"}
    assert client.post("/accounts/login/", credentials).url == "/progress/"


def test_signing_up_leads_back_too(client, bob):
    assert 'href="/accounts/signup/?next=/concepts/%3Fweek%3D1"' in client.get("/concepts/?week=1").content.decode()
    assert client.post("/accounts/signup/", {**NEWCOMER, "next": "/formulas/"}).url == "/formulas/"


def test_a_name_made_with_capitals_signs_in(client, db):
    call_command("createsuperuser", "--noinput", username="Grace", email="", verbosity=0)
    grace = User.objects.get()
    grace.set_password("grace's long password")
    grace.save()
    assert client.post("/accounts/login/", {"login": "Grace", "password": "grace's long password"}).url == "/"


def test_signing_in_leads_to_no_foreign_site(client, alice):
    credentials = {"login": "alice", "password": "alice's long password", "next": "https://evil.example/"}
    assert client.post("/accounts/login/", credentials).url == "/"


def test_wrong_passwords_are_limited(client, alice):
    for _ in range(12):
        response = client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    assert "Too many failed login attempts" in response.content.decode()


def test_the_administration_has_no_sign_in_of_its_own(client, mona, as_bob):
    credentials = {"username": "mona", "password": "mona's long password"}
    response = client.post("/admin/login/?next=/admin/progress/", credentials)
    assert response.url == "/accounts/login/?next=%2Fadmin%2Fprogress%2F"
    assert "_auth_user_id" not in client.session
    assert as_bob.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["", "password/change/", "email/", "delete/", "logout/", "reauthenticate/"],
)
def test_every_account_page_opens_in_the_look_of_the_product(client, alice, path):
    client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert 'class="shell"' in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        *("login/", "signup/", "inactive/", "confirm-email/", "confirm-email/gone/"),
        *("password/reset/", "password/reset/done/", "password/reset/key/1-gone/", "password/reset/key/done/"),
    ],
)
def test_every_entrance_opens_in_the_look_of_the_product(client, bob, path):
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert 'class="shell"' in response.content.decode()


def test_the_reset_page_is_honest_where_no_mail_can_be_sent(client, bob, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "cannot send mail" in client.get("/accounts/password/reset/").content.decode()


def test_a_program_gets_a_token_for_name_and_password(client, alice):
    url = "/api/v1/auth/token/"
    body = {"username": "alice", "password": "alice's long password"}
    key = client.post(url, body, content_type="application/json").json()["token"]
    headers = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/progress/weeks/", headers=headers).status_code == 200
    wrong = client.post(url, {**body, "password": "no"}, content_type="application/json")
    assert wrong.status_code == 400
    assert "non_field_errors" in wrong.json()
    assert client.post(url, {}, content_type="application/json").status_code == 400


def test_guessing_passwords_for_a_token_is_limited(client, alice):
    body = {"username": "alice", "password": "guess"}
    statuses = [
        client.post("/api/v1/auth/token/", body, content_type="application/json").status_code for _ in range(12)
    ]
    assert statuses[-1] == 429


def test_a_deleted_account_takes_all_its_data_along(as_bob, bob, mona):
    make_comment(make_concept(), bob)
    as_bob.post("/accounts/reauthenticate/", {"password": "bob's long password"})
    assert as_bob.post("/accounts/delete/", {"username": "alice"}).status_code == 422
    assert User.objects.filter(username="bob").exists()
    as_bob.post("/accounts/delete/", {"username": "bob"})
    assert not User.objects.filter(username="bob").exists()
    assert not bob.comments.exists()


def test_the_only_administrator_cannot_leave(as_mona):
    as_mona.post("/accounts/reauthenticate/", {"password": "mona's long password"})
    response = as_mona.post("/accounts/delete/", {"username": "mona"})
    assert response.status_code == 422
    assert "only administrator" in response.content.decode()
    assert User.objects.exists()


def test_the_admin_opens_for_every_model(as_mona, library):
    index = as_mona.get("/admin/").content.decode()
    for path in set(re.findall(r'href="(/admin/\w+/\w+/)"', index)):
        assert as_mona.get(path).status_code == 200, path


def test_with_fewer_proxies_than_are_trusted_a_visitor_is_known_by_the_connection(client, bob, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/h/ip"}
    form = {"login": "bob", "password": "wrong"}
    answers = [
        client.post("/accounts/login/", form, headers={"X-Forwarded-For": forged}).status_code
        for forged in ("192.0.2.1", "192.0.2.2")
    ]
    assert answers == [200, 429]
