"""A passkey in a real browser: made with an unproved address, then alone and as the second step of a password."""

import re

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from progress.models import User

pytestmark = pytest.mark.same_anywhere
KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
PASSWORD = "alice's long password"  # noqa: S105


@pytest.fixture
def page(browser):
    context = browser.new_context()
    page = context.new_page()
    authenticator = context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    options = {**KEY, "isUserVerified": True, "automaticPresenceSimulation": True}
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def test_a_passkey_signs_in_alone_and_as_the_second_step(live_server, page, alice, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=False)
    # A passkey belongs to a name, and an address of numbers is none.
    site = live_server.url.replace("127.0.0.1", "localhost")

    def sign_in_by_password():
        page.goto(f"{site}/accounts/login/")
        page.get_by_label("Login").fill("alice")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out():
        page.goto(f"{site}/accounts/")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You have signed out")).to_be_visible()

    sign_in_by_password()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("/accounts/2fa/recovery-codes/"))
    sign_out()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site}/")
    sign_out()
    sign_in_by_password()
    page.wait_for_url(re.compile("/accounts/2fa/authenticate/"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{site}/")
    assert not User.objects.get().emailaddress_set.get().verified
