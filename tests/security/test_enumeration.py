"""Whether somebody has an account is told by no message, no status, and no time.

User names are public (they stand beside comments), so that signing up may say that one is taken.
"""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core import mail
from django.test import Client

from mlprep.shared.limits.taking import all_counters
from progress.models import User
from tests.progress.accounts.test_accounts import NEWCOMER


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """What was hashed, at the least cost of the product's hasher; the counting stands in for the clock."""
    done: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counting(self, password, salt):
        done.append(password)
        return encode(self, password, salt)

    verify = Argon2PasswordHasher.verify

    def counting_verify(self, password, encoded):
        done.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting_verify)
    for parameter, least in (("memory_cost", 64), ("time_cost", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, parameter, least)
    return done


@pytest.fixture
def anna(db, settings, hashed) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return User.objects.create_user("anna", "anna@example.org", "anna's long password")


def plain(page: bytes) -> str:
    """The page without what differs by chance or repeats what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.decode())
    return re.sub(r"(anna|nobody)(@example\.org)?", "…", text)


def both(hashed: list[str], ask) -> tuple[tuple[int, str, int], tuple[int, str, int]]:
    """Status, page and hashes for a known and for an unknown name."""
    found = []
    for name in ("anna", "nobody"):
        for counter in all_counters():
            counter.clear_all()
        hashed.clear()
        answer = ask(Client(), name)
        found.append((answer.status_code, plain(answer.content), len(hashed)))
    return found[0], found[1]


@pytest.mark.parametrize("form", ["{}", "{}@example.org"])
def test_signing_in_answers_alike_and_hashes_once_either_way(form, anna, hashed):
    def ask(client, name):
        return client.post("/accounts/login/", {"login": form.format(name), "password": "not the password"})

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert known[2] == 1


@pytest.fixture
def cast(anna) -> dict[str, str]:
    """What may be typed as name or address, by what is behind it."""
    for name, email in (("carl", "shared@example.org"), ("cora", "shared@example.org"), ("olga", "olga@example.org")):
        User.objects.create_user(name, email, "some long password")
    EmailAddress.objects.create(user=anna, email=anna.email, verified=True, primary=True)
    EmailAddress.objects.create(user=User.objects.get(username="carl"), email="shared@example.org", primary=True)
    User.objects.create_user("dora", "dora@example.org", "some long password", is_active=False)
    User.objects.create_user("sven", "sven@example.org")
    # A name like an address, from before such names were refused.
    User.objects.create_user("olga@example.org", "", "some long password")
    return {
        "unknown name": "nobody",
        "known name": "anna",
        "unknown address": "nobody@example.org",
        "proved address": "anna@example.org",
        "in capitals": "ANNA@Example.org",
        "shared address": "shared@example.org",
        "unproved address": "carl@example.org",
        "address that is another's name": "olga@example.org",
        "deactivated account": "dora",
        "deactivated account's address": "dora@example.org",
        "account of single sign-on": "sven",
        "address of single sign-on": "sven@example.org",
    }


def answers(cast: dict[str, str], hashed: list[str], ask) -> dict[str, tuple[int, int]]:
    """Status and hashes by what is behind the name; and that all pages are one, but for what was typed."""
    found, pages = {}, set()
    for kind, typed in cast.items():
        for counter in all_counters():
            counter.clear_all()
        hashed.clear()
        answer = ask(Client(), typed)
        found[kind] = (answer.status_code, len(hashed))
        pages.add(plain(answer.content.replace(typed.encode(), b"...")))
    assert len(pages) == 1
    return found


@pytest.mark.same_anywhere
def test_a_wrong_password_costs_one_hash_whoever_is_behind_the_name(cast, hashed):
    found = answers(cast, hashed, lambda c, n: c.post("/accounts/login/", {"login": n, "password": "not the password"}))
    assert set(found.values()) == {(200, 1)}, found


@pytest.mark.same_anywhere
def test_a_token_and_the_administration_cost_one_hash_whoever_is_behind_the_name(cast, hashed):
    wrong = {"password": "not the password"}
    found = answers(cast, hashed, lambda c, n: c.post("/api/v1/auth/token/", {"username": n, **wrong}))
    assert set(found.values()) == {(400, 1)}, found

    def by_the_administration(client, name):
        door = client.post("/admin/login/?next=/admin/", {"username": name, **wrong}, follow=True).request
        assert door["PATH_INFO"] == "/accounts/login/"
        return client.post("/accounts/login/?next=/admin/", {"login": name, **wrong})

    found = answers(cast, hashed, by_the_administration)
    assert set(found.values()) == {(200, 1)}, found


@pytest.mark.same_anywhere
def test_the_right_password_costs_one_hash_too(cast, hashed):
    hashed.clear()
    client = Client()
    assert client.post("/accounts/login/", {"login": "carl", "password": "some long password"}).status_code == 302
    assert len(hashed) == 1


@pytest.mark.same_anywhere
def test_an_address_belongs_to_who_proved_it_else_to_who_had_it_first(cast):
    def enters(login, password="some long password"):  # noqa: S107
        client = Client()
        client.post("/accounts/login/", {"login": login, "password": password})
        return User.objects.filter(pk=client.session.get("_auth_user_id")).values_list("username", flat=True).first()

    User.objects.filter(username="cora").update(password=make_password("cora's other password"))
    assert enters("shared@example.org") == "carl"
    assert enters("shared@example.org", "cora's other password") is None
    assert enters("cora", "cora's other password") == "cora"
    cora = User.objects.get(username="cora")
    EmailAddress.objects.create(user=cora, email="shared@example.org", primary=True, verified=True)
    assert enters("shared@example.org", "cora's other password") == "cora"
    assert enters("shared@example.org") is None
    # A name is its owner's, whatever address another has given.
    assert enters("olga@example.org") == "olga@example.org"


@pytest.mark.same_anywhere
def test_nobody_takes_an_address_for_a_name(db):
    page = Client().post("/accounts/signup/", {**NEWCOMER, "username": "anna@example.org"})
    assert "without @" in page.content.decode()
    assert not User.objects.exists()


def test_resetting_sends_one_letter_whoever_is_behind_the_address(cast, hashed):
    addresses = {kind: typed for kind, typed in cast.items() if "@" in typed}
    sent = []

    def ask(client, address):
        mail.outbox.clear()
        answer = client.post("/accounts/password/reset/", {"email": address})
        sent.append(len(mail.outbox))
        return answer

    found = answers(addresses, hashed, ask)
    assert set(found.values()) == {(302, 0)}, found
    assert set(sent) == {1}


def test_the_letter_for_a_shared_address_opens_each_of_its_accounts(cast):
    Client().post("/accounts/password/reset/", {"email": "shared@example.org"})
    body = mail.outbox[0].body
    links = re.findall(r"http://[^/\s]+(/accounts/password/reset/key/\S+)", body)
    assert len(links) == 2
    for name in ("carl", "cora"):
        assert name in body
    for link in links:
        client = Client()
        form = client.get(link).headers["Location"]
        assert client.post(form, {"password1": "new long words", "password2": "new long words"}).status_code == 302
    assert all(User.objects.get(username=name).check_password("new long words") for name in ("carl", "cora"))


def test_one_without_a_password_answers_alike_too(anna, hashed):
    anna.set_unusable_password()
    anna.save()
    known, unknown = both(hashed, lambda c, n: c.post("/accounts/login/", {"login": n, "password": "some guess"}))
    assert known == unknown


def test_asking_for_a_token_answers_alike_and_hashes_once_either_way(anna, hashed):
    known, unknown = both(
        hashed, lambda c, n: c.post("/api/v1/auth/token/", {"username": n, "password": "not the password"})
    )
    assert known == unknown
    assert known[2] == 1


def test_resetting_a_password_answers_alike_and_sends_one_letter_either_way(anna, hashed):
    def ask(client, name):
        return client.post("/accounts/password/reset/", {"email": f"{name}@example.org"})

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anna@example.org", "nobody@example.org"]
    assert "nobody" not in mail.outbox[0].body


def test_signing_up_does_not_tell_that_an_address_has_an_account(anna, hashed):
    def ask(client, name):
        answer = client.post("/accounts/signup/", {**NEWCOMER, "username": f"x{name}", "email": f"{name}@example.org"})
        assert answer.status_code == 302
        return answer

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert known[2] == 1
    anna.refresh_from_db()
    assert anna.check_password("anna's long password")


def test_a_taken_name_costs_the_work_of_a_free_one_only_where_an_account_is_made(anna, hashed):
    answer = Client().post("/accounts/signup/", {**NEWCOMER, "username": "anna"})
    assert "already exists" in answer.content.decode()
