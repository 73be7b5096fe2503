"""Settings with which the app refuses to start, because they would let somebody in."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_KEY = 32
FEWEST_CHARACTERS = 8
"""Different ones in a key: 32 random hex digits practically always have more, `aaaa…` and `abababab…` have not."""
SHORTEST_TOKEN = 16
_PLACEHOLDERS = ("django-insecure-", "changeme", "change-me", "secret", "your-secret")
_PATH = re.compile(r"(/[\w.~-]+)*", re.ASCII)
_BIND_OPTIONS = ("--bind", "-b")


def refusals(  # noqa: PLR0913 (each is one setting)
    *,
    site_url: str,
    bind_host: str,
    debug: bool,
    secret_key: str,
    fallbacks: Sequence[str] = (),
    metrics_token: str = "",
    allow_http: bool = False,
) -> list[str]:
    """Why these settings are refused, each with what to set instead; empty for none.

    bind_host: where the server listens as far as it was told, empty where it was not.
    """
    found = []
    if not is_address(site_url):
        found.append(
            f"SITE_URL is {site_url!r}; write the whole address that people type, such as https://prep.example.org "
            "or https://example.org/prep, with nothing after the path."
        )
    elif is_open_http(site_url) and not allow_http:
        found.append(
            f"SITE_URL is {site_url!r}, without TLS: passwords and sessions would cross the network for anybody on the "
            "way to read. Put a proxy that speaks https in front and write https://, or set ALLOW_HTTP=yes if that is "
            "meant, as in a home network that you trust."
        )
    if debug and is_reachable(site_url, bind_host):
        found.append(
            "DEBUG is on and others can reach this server, or it does not know where it listens: an error would show "
            "them settings and code. Leave DEBUG out, or let SITE_URL and HOST be 127.0.0.1."
        )
    if _is_weak(secret_key):
        found.append(
            f"SECRET_KEY has fewer than {SHORTEST_KEY} characters or {FEWEST_CHARACTERS} different ones, or is a "
            "placeholder, so sessions could be forged. "
            "Leave it out (one is made and kept in DATA_DIR) or set a random one: openssl rand -base64 48."
        )
    if any(map(_is_weak, fallbacks)):
        found.append(
            f"SECRET_KEY_FALLBACKS has a key with fewer than {SHORTEST_KEY} characters or {FEWEST_CHARACTERS} "
            "different ones, or a placeholder, with which sessions could be forged as well. Leave it out; who is "
            "signed in by it signs in anew."
        )
    if metrics_token and (len(metrics_token) < SHORTEST_TOKEN or len(set(metrics_token)) < FEWEST_CHARACTERS):
        found.append(
            f"METRICS_TOKEN has fewer than {SHORTEST_TOKEN} characters or {FEWEST_CHARACTERS} different ones, so it "
            "could be guessed. Leave it out (there are no figures then) or set a random one: openssl rand -hex 24."
        )
    return found


def is_address(site_url: str) -> bool:
    """Whether SITE_URL is one: scheme, host, perhaps a port and a path of plain characters, nothing else."""
    try:
        site = urlsplit(site_url)
        has_host = site.port != 0 and bool(site.hostname) and "@" not in site.netloc
    except ValueError:
        return False
    plain = not (site.query or site.fragment) and _PATH.fullmatch(site.path)
    return bool(site.scheme in {"http", "https"} and has_host and plain)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, as only this machine reaches it."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_provider(url: str) -> bool:
    """Whether OIDC_SERVER_URL is an address to which people may be sent to sign in: with TLS, or on this machine."""
    try:
        found = urlsplit(url)
        return (
            bool(found.hostname)
            if found.scheme == "https"
            else found.scheme == "http" and is_loopback(found.hostname or "")
        )
    except ValueError:
        return False


def is_open_http(site_url: str) -> bool:
    """Whether people type an address without TLS that leads over a network, be it a private one."""
    site = urlsplit(site_url)
    return site.scheme == "http" and not is_loopback(site.hostname or "")


def is_reachable(site_url: str, bind_host: str) -> bool:
    """Whether others may reach the server: by its address, or where it listens; also where that is not known."""
    try:
        host = urlsplit(site_url).hostname or ""
    except ValueError:
        return True
    return not (is_loopback(host) and is_loopback(bind_host))


def bind_host_of(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """Where this process listens: by its command line, or by HOST; empty where it is not told.

    Of several places the one that others reach. A socket that is no port has a proxy in front, so it counts as one.
    """
    host = environment.get("HOST", "")
    program = Path(argv[0]) if argv else Path()
    if program.stem == "gunicorn" or program.parts[-2:] == ("gunicorn", "__main__.py"):
        given = list(_binds(argv[1:])) or list(_binds(shlex.split(environment.get("GUNICORN_CMD_ARGS", ""))))
        hosts = [_host_of(bind) for bind in given]
        return next((one for one in hosts if not is_loopback(one)), hosts[0] if hosts else host or "127.0.0.1")
    if program.name in {"manage.py", "django-admin"}:
        if argv[1:2] == ["runserver"]:
            places = [argument for argument in argv[2:] if not argument.startswith("-")]
            return _host_of(places[0], default="127.0.0.1") if places else "127.0.0.1"
        # Nothing listens here; a server that is started without HOST listens on this machine alone.
        return host or "127.0.0.1"
    return host


def _binds(arguments: Sequence[str]) -> Iterator[str]:
    """What gunicorn's options for places to listen say."""
    for position, argument in enumerate(arguments):
        if argument in _BIND_OPTIONS:
            yield from arguments[position + 1 : position + 2]
        elif argument.startswith("--bind="):
            yield argument.removeprefix("--bind=")
        elif argument.startswith("-b"):
            yield argument.removeprefix("-b").removeprefix("=")


def _host_of(place: str, default: str = "0.0.0.0") -> str:  # noqa: S104 (what the servers take)
    """The host of `host:port`, `[::1]:port` or a port alone. default: where a port alone leads."""
    host, _, port = place.rpartition(":")
    if not host and (port.isdigit() or not port):
        return default
    # Django writes 0 for every address.
    return "0.0.0.0" if host == "0" else host.strip("[]") or place  # noqa: S104


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or key.lower().startswith(_PLACEHOLDERS)
