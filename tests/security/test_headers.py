"""What every answer says to the browser, whoever asks for whatever."""

import logging
from http.cookies import Morsel

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from mlprep.shared.privacy import ApiOverHttpsMiddleware
from tests.factories import make_concept

pytestmark = pytest.mark.same_anywhere

OPEN_PAGES = ["/", "/concepts/", "/accounts/login/", "/api/v1/concepts/", "/healthz", "/no-such-page", "/api/docs/"]
OWN_PAGES = ["/", "/concepts/", "/quizzes/", "/notes/", "/settings/", "/api/v1/quizzes/", "/accounts/sessions/"]


def explode(request):
    raise RuntimeError("SECRET_KEY is 'k3k3k3' in /srv/mlprep/settings.py")


def far(request):
    return HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})


urlpatterns = [path("explode/", explode), path("far/", far), path("", include("mlprep.urls"))]


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_every_answer_has_the_headers_that_protect_it(page, client, bob):
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"):
        assert directive in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_file_has_them_too(client, db, settings, tmp_path):
    (tmp_path / "site.css").write_text("p {}")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_USE_FINDERS = tmp_path, True, False
    answer = client.get("/static/site.css")
    headers = answer.headers
    assert b"".join(answer) == b"p {}"
    answer.close()
    assert headers["Content-Type"].startswith("text/css")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/").status_code == 404


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_no_other_site_is_let_read_an_answer(page, client, bob):
    for method in (client.get, client.options):
        answer = method(page, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("page", OWN_PAGES)
def test_what_is_made_for_a_learner_is_kept_by_no_cache(page, as_alice):
    answer = as_alice.get(page)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]


def test_what_is_the_same_for_all_may_be_kept(client, bob):
    assert "no-store" not in client.get("/concepts/").headers.get("Cache-Control", "")


@pytest.mark.urls("tests.security.test_headers")
def test_a_view_has_the_last_word_on_what_is_kept(as_alice):
    as_alice.get("/settings/")
    assert as_alice.get("/far/").headers["Cache-Control"] == "public, max-age=60"


def test_answers_to_a_token_are_kept_by_no_cache(client, alice):
    answer = client.get("/api/v1/concepts/", headers={"Authorization": "Token none"})
    assert answer.status_code == 401
    assert "no-store" in answer.headers["Cache-Control"]


def check_cookie(cookie: Morsel, *, secure: bool) -> None:
    assert cookie["httponly"], cookie
    assert cookie["samesite"] == "Lax", cookie
    assert cookie["path"] == "/", cookie
    assert not cookie["domain"], cookie
    assert bool(cookie["secure"]) == secure, cookie


def test_cookies_are_for_this_host_and_hidden_from_scripts(client, alice):
    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    assert set(client.cookies) == {"session", "csrf", "messages"}
    for cookie in (*answer.cookies.values(), *client.cookies.values()):
        check_cookie(cookie, secure=False)


def test_messages_live_in_a_cookie_named_as_the_others_are():
    from mlprep.shared.notices import Notices

    assert issubclass(Notices, FallbackStorage)
    assert {storage.__name__ for storage in Notices.storage_classes} == {"NoticeCookies", "SessionStorage"}


def test_the_api_is_not_redirected_to_https_but_refused(rf, settings):
    settings.SECURE_SSL_REDIRECT, settings.SITE_URL = True, "https://prep.example.org"
    middleware = ApiOverHttpsMiddleware(lambda request: HttpResponse("in"))
    refused = middleware(rf.get("/api/v1/concepts/"))
    assert refused.status_code == 403
    assert b"https://prep.example.org/api/v1/" in refused.content
    assert middleware(rf.get("/api/v1/concepts/", secure=True)).content == b"in"
    assert middleware(rf.get("/concepts/")).content == b"in"


@pytest.mark.urls("tests.security.test_headers")
def test_an_error_tells_the_visitor_nothing_and_the_log_everything(alice, caplog):
    visitor = Client(raise_request_exception=False)
    answer = visitor.get("/explode/")
    assert answer.status_code == 500
    assert b"Something broke here" in answer.content
    for told in (b"SECRET_KEY", b"k3k3k3", b"Traceback", b"settings.py", b"RuntimeError"):
        assert told not in answer.content
    assert "RuntimeError: SECRET_KEY" in caplog.text


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_that_echo_are_not_served(method, client, alice):
    for page in ("/", "/healthz", "/api/v1/concepts/"):
        answer = client.generic(method, page, headers={"X-Told": "an echo of it"})
        assert b"an echo of it" not in answer.content
    assert client.generic(method, "/").status_code == 405


def test_a_form_from_another_site_is_refused_and_logged(alice, caplog):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(alice)
    concept = make_concept()
    path = f"/concepts/{concept.code}/status/"
    with caplog.at_level(logging.WARNING):
        answer = visitor.post(path, {"status": "mastered"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "refused user=" in caplog.text


def test_a_path_cannot_write_a_line_of_the_log(client, db, caplog):
    client.get("/no%0aINFO mlprep.security: signed in user=1")
    assert not [line for line in caplog.text.splitlines() if line.startswith("INFO mlprep.security: signed in")]


@pytest.mark.parametrize("page", ["/", "/healthz", "/readyz", "/api/docs/", "/no-such-page", "/accounts/login/"])
def test_texts_say_their_charset(page, client, bob):
    kind = client.get(page).headers["Content-Type"]
    assert kind.startswith("text/")
    assert "charset=utf-8" in kind
