"""Settings with which the app refuses to start, because they would let somebody in."""

from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SHORTEST_KEY = 32
_PLACEHOLDERS = ("django-insecure-", "changeme", "change-me", "secret", "your-secret")


def refusals(*, site_url: str, bind_host: str, debug: bool, secret_key: str) -> list[str]:
    """Why these settings are refused, each with what to set instead; empty for none.

    bind_host: where the server listens as far as it was told, empty where it was not.
    """
    site = urlsplit(site_url)
    found = []
    if site.scheme not in {"http", "https"} or not site.hostname:
        found.append(
            f"SITE_URL is {site_url!r}; write the whole address that people type, such as https://prep.example.org."
        )
    reachable = (site.hostname or "") not in LOOPBACK or (bind_host and bind_host not in LOOPBACK)
    if debug and reachable:
        found.append(
            "DEBUG is on and others can reach this server: an error would show them settings and code. Leave DEBUG "
            "out, or let SITE_URL and HOST be 127.0.0.1."
        )
    if len(secret_key) < SHORTEST_KEY or secret_key.lower().startswith(_PLACEHOLDERS):
        found.append(
            f"SECRET_KEY has fewer than {SHORTEST_KEY} characters or is a placeholder, so sessions could be forged. "
            "Leave it out (one is made and kept in DATA_DIR) or set a random one: openssl rand -base64 48."
        )
    return found
