"""Addresses that are read outside the site are SITE_URL's, its path included, by whatever name a request asked."""

import re

import pytest
from django.contrib.admin.sites import site as administration
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import get_script_prefix, set_script_prefix
from icalendar import Calendar

from mlprep.digest.messages import digest_for
from progress.accounts.admin import InvitationAdmin
from progress.models import Invitation, StudyPlan
from progress.plans.calendar_address import new_key
from tests.factories import make_plan_task

pytestmark = pytest.mark.same_anywhere

SITE = "https://example.org:8443/prep"
SIGN_UP = {"username": "newcomer", "password1": "some quite long words", "email": "alice@example.org"}


@pytest.fixture(autouse=True)
def below_a_path(settings):
    """An installation below a path, asked by a name that is allowed but is not what people type."""
    settings.SITE_URL, settings.FORCE_SCRIPT_NAME = SITE, "/prep"
    before = get_script_prefix()
    set_script_prefix("/prep/")
    yield
    set_script_prefix(before)


def links_of(letter) -> set[str]:
    return {link.rstrip(".") for link in re.findall(r"https?://\S+", letter.body)}


def address_of(client: Client, path: str, **form: str) -> set[str]:
    answer = client.post(path, form, headers={"Host": "127.0.0.1:8000"})
    assert answer.status_code == 302
    (letter,) = mail.outbox
    assert "127.0.0.1" not in letter.subject + letter.body
    return links_of(letter)


def test_a_link_for_a_new_password(alice):
    links = address_of(Client(), "/accounts/password/reset/", email="alice@example.org")
    (link,) = links - {SITE}
    assert link.startswith(f"{SITE}/accounts/password/reset/key/")
    assert Client().get(link.removeprefix(SITE)).status_code == 302


def test_a_letter_to_an_address_without_an_account(alice):
    links = address_of(Client(), "/accounts/password/reset/", email="nobody@example.org")
    assert links == {SITE, f"{SITE}/accounts/signup/"}


def test_the_confirmation_of_an_address(as_alice):
    as_alice.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    as_alice.post("/accounts/reauthenticate/", {"password": "alice's long password"})
    mail.outbox.clear()
    links = address_of(as_alice, "/accounts/email/", email="alice@new.example.org", action_add="")
    (link,) = links - {SITE}
    assert link.startswith(f"{SITE}/accounts/confirm-email/")
    assert Client().get(link.removeprefix(SITE)).status_code == 200


def test_the_letter_of_the_day(alice):
    make_plan_task(alice, title="Softmax")
    letter = digest_for(alice, StudyPlan.objects.get().laid_at, to="alice@example.org")
    links = links_of(letter)
    assert links
    assert all(link.startswith(f"{SITE}/") and "/prep/prep/" not in link for link in links)


def test_an_invitation_by_command_and_in_the_administration(bob, settings, capsys):
    settings.REGISTRATION = "invite"
    call_command("invite")
    printed = capsys.readouterr().out.strip()
    shown = InvitationAdmin(Invitation, administration).link(Invitation.objects.get())
    assert printed == shown
    assert printed.startswith(f"{SITE}/accounts/signup/?invitation=")
    assert "Create your account" in Client().get(printed.removeprefix(SITE)).content.decode()


def test_the_calendars_address_and_what_stands_in_it(as_alice, alice):
    make_plan_task(alice, title="Softmax")
    page = as_alice.post("/plan/calendar/", {"action": "new"}, headers={"Host": "localhost"}).content.decode()
    assert f'value="{SITE}/plan.ics?key=' in page
    key = new_key(plan=StudyPlan.objects.get())
    events = Calendar.from_ical(Client().get("/plan.ics", {"key": key}).content).walk("VEVENT")
    assert str(events[0]["URL"]).startswith(f"{SITE}/plan/?view=list#day-")
    assert str(events[0]["UID"]).endswith("@example.org")
