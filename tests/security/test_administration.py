"""The administration: for administrators, through everybody's door, asking for the password, without a key in sight."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from progress.models import ApiToken, User
from tests.factories import make_concept, make_plan_task, make_token
from tests.security.test_sessions import is_in

pytestmark = pytest.mark.same_anywhere

PASSWORD = "mona's long password"  # noqa: S105 (of a test)
NEW = {"password1": "quite different words", "password2": "quite different words"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def proved(mona, as_mona) -> Client:
    """Mona, who has just typed her password."""
    as_mona.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_mona


@pytest.fixture
def helper(db) -> User:
    """Staff who may look after users and what signs them in, but are no superuser."""
    helper = User.objects.create_user("helen", "", "helen's long password", is_staff=True)
    apps = ["progress", "usersessions", "mfa", "account", "socialaccount"]
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    return helper


@pytest.fixture
def as_helper(helper) -> Client:
    client = Client()
    client.force_login(helper)
    client.post("/accounts/reauthenticate/", {"password": "helen's long password"})
    return client


def addresses(user: User) -> Iterator[str]:
    """Every address of the administration, walked from its own list; an object's is asked for with a user's number."""
    for pattern in admin.site.get_urls():
        if hasattr(pattern, "url_patterns"):
            yield from (_filled(f"{pattern.pattern}{inner.pattern}", user) for inner in pattern.url_patterns)
        else:
            yield _filled(str(pattern.pattern), user)


def _filled(pattern: str, user: User) -> str:
    for name, value in {
        "<path:object_id>": str(user.pk),
        "<id>": str(user.pk),
        "<int:content_type_id>": str(ContentType.objects.get_for_model(User).pk),
        "<path:url>": "nowhere",
        "(?P<url>.*)$": "nowhere",
        "(?P<app_label>": "",
    }.items():
        pattern = pattern.replace(name, value)
    return f"/admin/{pattern}"


def test_no_address_of_it_is_there_but_for_administrators(alice, bob, milo, mona, as_bob, as_milo):
    walked = list(addresses(alice))
    assert len(walked) > 100
    assert f"/admin/progress/user/{alice.pk}/password/" in walked
    tokens = [make_token(bob), make_token(mona)]
    people = [Client(), as_bob, as_milo, *(Client(headers={"Authorization": f"Token {key}"}) for key in tokens)]
    let_in = [
        (path, method, answer.status_code)
        for path in walked
        for person in people
        for method in METHODS
        if (answer := person.generic(method, path)).status_code not in {302, 403, 404, 405}
        or (
            answer.status_code == 302
            and not answer.headers["Location"].startswith(("/accounts/login/", "/admin/login/"))
        )
    ]
    # Signing out is everybody's.
    assert [each for each in let_in if "/logout/" not in each[0] and "/password_change/" not in each[0]] == []


def test_its_pages_are_there_for_administrators(proved, alice):
    assert proved.get("/admin/").status_code == 200
    assert proved.get(f"/admin/progress/user/{alice.pk}/change/").status_code == 200


def test_a_name_and_a_password_sent_to_it_are_not_looked_at(as_helper, mona):
    answer = as_helper.post("/admin/login/?next=/admin/", {"username": "mona", "password": PASSWORD})
    assert answer.headers["Location"] == "/admin/"
    assert as_helper.session["_auth_user_id"] != str(mona.pk)


def test_its_sign_in_leads_to_no_foreign_site(as_mona):
    assert as_mona.get("/admin/login/?next=https://evil.example/").headers["Location"] == "/admin/"


def test_its_own_form_for_passwords_is_not_there(proved, mona):
    body = {"old_password": PASSWORD, "new_password1": NEW["password1"], "new_password2": NEW["password1"]}
    assert proved.post("/admin/password_change/", body).headers["Location"] == "/accounts/password/change/"
    mona.refresh_from_db()
    assert mona.check_password(PASSWORD)


# A stolen session of an administrator


def acts(alice: User) -> dict[str, dict[str, object]]:
    return {
        f"/admin/progress/user/{alice.pk}/password/": NEW,
        f"/admin/progress/user/{alice.pk}/change/": {"username": "alice", "is_superuser": "on", "is_staff": "on"},
        f"/admin/progress/user/{alice.pk}/delete/": {"post": "yes"},
        "/admin/progress/user/add/": {"username": "thief", "usable_password": "true", **NEW},
        "/admin/progress/user/": {"action": "sign_out", "_selected_action": [alice.pk]},
        "/admin/progress/invitation/add/": {"note": "thief"},
    }


def test_a_stolen_session_changes_nothing(as_mona, alice):
    key = make_token(alice)
    before = User.objects.filter(pk=alice.pk).values().get()
    for path, body in acts(alice).items():
        answer = as_mona.post(path, body)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2F"), path
    assert User.objects.filter(pk=alice.pk).values().get() == before
    assert User.objects.count() == 2
    assert Client().get("/api/v1/progress/weeks/", headers={"Authorization": f"Token {key}"}).status_code == 200


def test_what_was_about_to_be_done_is_done_once_the_password_is_typed(as_mona, alice):
    path = f"/admin/progress/user/{alice.pk}/delete/"
    where = as_mona.post(path, {"post": "yes"}).headers["Location"]
    as_mona.post(where, {"password": "wrong", "next": path})
    assert User.objects.filter(pk=alice.pk).exists()
    as_mona.post(where, {"password": PASSWORD, "next": path})
    assert not User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("path", ["/admin/progress/user/{}/password/", "/admin/progress/user/add/"])
def test_a_form_with_a_password_is_not_opened_or_kept_before(as_mona, alice, path):
    path = path.format(alice.pk)
    for answer in (as_mona.get(path), as_mona.post(path, NEW)):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert NEW["password1"] not in str(dict(as_mona.session))
    as_mona.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert as_mona.get(path).status_code == 200


def test_a_password_set_by_an_administrator_ends_sessions_and_tokens(proved, as_alice, alice):
    make_token(alice)
    path = f"/admin/progress/user/{alice.pk}/password/"
    proved.post(path, {"usable_password": "true", **NEW})
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])
    assert not is_in(as_alice)
    assert not ApiToken.objects.exists()


def test_reading_asks_for_nothing(as_mona, alice):
    assert as_mona.get("/admin/progress/user/").status_code == 200
    assert as_mona.get(f"/admin/progress/user/{alice.pk}/change/").status_code == 200


# Keys


def test_no_key_is_on_any_page_of_it(proved, alice, mona):
    key = make_token(alice)
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    Token.objects.create(user=alice, key="c" * 40)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "hiddensecret"})
    make_token(alice)
    token, step = ApiToken.objects.get(), Authenticator.objects.get()
    secrets = [key, token.digest, "c" * 40, "hiddensecret", client.session.session_key]
    secrets += UserSession.objects.values_list("session_key", flat=True)
    for thing in (token, step, *UserSession.objects.all()):
        name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}"
        for path in (
            reverse(f"{name}_changelist"),
            *(reverse(f"{name}_{act}", args=[thing.pk]) for act in ("change", "delete", "history")),
        ):
            page = proved.get(path)
            assert page.status_code == 200, path
            assert [secret for secret in secrets if secret in page.content.decode()] == [], path
    assert proved.get("/admin/authtoken/tokenproxy/").status_code == 404
    assert proved.get(f"/admin/progress/apitoken/?q={token.digest}").content.decode().count(token.name) == 0


def test_the_digest_of_a_calendars_address_is_not_on_its_page(proved, alice):
    plan = make_plan_task(alice).plan
    plan.calendar_digest = "d" * 64
    plan.save()
    page = proved.get(f"/admin/progress/studyplan/{plan.pk}/change/")
    assert page.status_code == 200
    assert "d" * 64 not in page.content.decode()


def test_an_administrator_ends_a_session_and_a_token(proved, alice):
    client, key = Client(), make_token(alice)
    client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    session = UserSession.objects.get(user=alice)
    proved.post(f"/admin/usersessions/usersession/{session.pk}/delete/", {"post": "yes"})
    assert not is_in(client)
    proved.post(f"/admin/progress/apitoken/{ApiToken.objects.get().pk}/delete/", {"post": "yes"})
    assert Client().get("/api/v1/progress/weeks/", headers={"Authorization": f"Token {key}"}).status_code == 401


def test_several_sessions_are_ended_at_once(proved, alice):
    clients = [Client(), Client()]
    for client in clients:
        client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    chosen = list(UserSession.objects.filter(user=alice).values_list("pk", flat=True))
    body = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    proved.post("/admin/usersessions/usersession/", body)
    assert not any(is_in(client) for client in clients)


def test_nobody_makes_a_token_a_session_or_a_second_step_for_another(proved, alice):
    for name in ("progress/apitoken", "usersessions/usersession", "mfa/authenticator", "socialaccount/socialaccount"):
        assert proved.post(f"/admin/{name}/add/", {"user": alice.pk}).status_code == 403, name


def test_an_administrator_takes_a_lost_second_step_away(proved, alice):
    step = Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    make_token(alice)
    proved.post(f"/admin/mfa/authenticator/{step.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert not ApiToken.objects.exists()


# Staff without superuser


def test_staff_make_nobody_an_administrator(as_helper, helper, alice):
    for user in (helper, alice):
        page = as_helper.get(f"/admin/progress/user/{user.pk}/change/")
        assert 'name="is_superuser"' not in page.content.decode()
        body = {"username": user.username, "is_active": "on", "is_superuser": "on", "is_staff": "on"}
        body |= {"time_factor": "1.0", "day_begins_at": "4", "review_weekday": "6", "digest": "off"}
        body |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
        as_helper.post(f"/admin/progress/user/{user.pk}/change/", body)
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(pk=alice.pk, is_staff=True).exists()


def test_staff_do_not_touch_an_administrators_account(as_helper, mona, alice):
    make_token(mona)
    token = ApiToken.objects.get()
    step = Authenticator.objects.create(user=mona, type=Authenticator.Type.TOTP, data={})
    token = token if ApiToken.objects.exists() else ApiToken.objects.create(learner=mona, name="Hers", digest="d")
    Client().post("/accounts/login/", {"login": "mona", "password": PASSWORD})
    user = f"/admin/progress/user/{mona.pk}"
    assert as_helper.post(f"{user}/password/", NEW).status_code == 403
    assert as_helper.post(f"{user}/change/", {"username": "mona", "email": "thief@example.org"}).status_code == 403
    assert as_helper.post(f"{user}/delete/", {"post": "yes"}).status_code == 403
    for path in (f"progress/apitoken/{token.pk}", f"mfa/authenticator/{step.pk}"):
        assert as_helper.post(f"/admin/{path}/delete/", {"post": "yes"}).status_code == 403
    address = {"user": mona.pk, "email": "thief@example.org", "verified": "on", "primary": "on"}
    assert as_helper.post("/admin/account/emailaddress/add/", address).status_code == 403
    both = {"action": "delete_selected", "_selected_action": [mona.pk, alice.pk], "post": "yes"}
    assert as_helper.post("/admin/progress/user/", both).status_code == 403
    mona.refresh_from_db()
    assert mona.check_password(PASSWORD)
    assert mona.email == "mona@example.org"


def test_staff_do_to_many_at_once_only_what_they_may_do_to_each(as_helper, helper, mona, as_mona, alice, as_alice):
    make_token(mona)
    make_token(alice)
    for user in (mona, alice):
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=f"{user.username}@example.org", verified=False)
    both = {"action": "sign_out", "_selected_action": [mona.pk, alice.pk]}
    assert as_helper.post("/admin/progress/user/", both).status_code == 302
    assert (is_in(as_mona), is_in(as_alice)) == (True, False)
    assert list(ApiToken.objects.values_list("learner__username", flat=True)) == ["mona"]

    both = {"action": "make_verified", "_selected_action": list(EmailAddress.objects.values_list("pk", flat=True))}
    assert as_helper.post("/admin/account/emailaddress/", both).status_code == 302
    assert list(EmailAddress.objects.filter(verified=True).values_list("user__username", flat=True)) == ["alice"]


def test_staff_who_only_look_at_addresses_prove_none(as_helper, helper, alice):
    EmailAddress.objects.create(user=alice, email="somebody.elses@example.org", verified=False)
    helper.user_permissions.set(Permission.objects.filter(codename="view_emailaddress"))
    every = {"action": "make_verified", "_selected_action": list(EmailAddress.objects.values_list("pk", flat=True))}
    as_helper.post("/admin/account/emailaddress/", every)
    assert not EmailAddress.objects.filter(email="somebody.elses@example.org", verified=True).exists()


def test_staff_without_rights_read_nothing(db):
    helper = User.objects.create_user("idle", "", "idle's long password", is_staff=True)
    client = Client()
    client.force_login(helper)
    client.post("/accounts/reauthenticate/", {"password": "idle's long password"})
    make_concept("IDLE-001")
    index = client.get("/admin/")
    assert index.status_code == 200
    assert "/admin/progress/user/" not in index.content.decode()
    assert client.get("/admin/progress/user/").status_code == 403
    assert client.post("/admin/progress/user/add/", NEW).status_code == 403
