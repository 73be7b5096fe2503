"""Settings whose every wrong value is told in a sentence, and all of them at once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

from mlprep.environment import Environment, SettingsRefused

T = TypeVar("T")

_ON, _OFF = ("on", "yes", "true", "1"), ("off", "no", "false", "0")
_DATABASES = ("sqlite", "postgres", "postgresql", "psql", "pgsql")
_WITHOUT_SERVER = ("consolemail", "filemail", "dummymail", "memorymail")


class CheckedEnvironment(Environment):
    """The environment; a value that cannot be meant is noted in `faults`, and its default goes on until `refuse`."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def refuse(self) -> None:
        """Raises SettingsRefused where there is a fault."""
        if self.faults:
            raise SettingsRefused("\n".join(self.faults))

    def read(self, name: str, default: T, reading: Callable[[str], T], allowed: str, *, secret: bool = False) -> T:
        """The setting as `reading` gives it, which raises ValueError for what is none; empty is the default.

        secret: the value is not told.
        """
        given = str(self.str(name, default="")).strip()
        if not given:
            return default
        try:
            return reading(given)
        except (ValueError, ImproperlyConfigured) as error:
            told = "cannot be read" if secret else f"is {given!r}"
            detail = f" ({error})" if str(error) and not secret else ""
            self.faults.append(f"{name} {told}{detail}; set {allowed}, or leave it out.")
            return default

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of some words, in whatever case."""
        by_word = {word.lower(): word for word in allowed}
        return self.read(name, default, lambda given: _known(given.lower(), by_word), _listed(allowed))

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        by_word = {**dict.fromkeys(_ON, True), **dict.fromkeys(_OFF, False)}
        return self.read(name, default, lambda given: _known(given.lower(), by_word), "on or off")

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number in a range."""

        def reading(given: str) -> int:
            if not (given.isascii() and given.isdigit() and least <= int(given[:12]) <= most):
                raise ValueError
            return int(given)

        return self.read(name, default, reading, f"a whole number from {least} to {most}")

    def time_zone(self, name: str, default: str) -> str:
        """The name of a time zone."""
        by_word = {zone: zone for zone in available_timezones()}
        return self.read(name, default, lambda given: _known(given, by_word), "a name such as Europe/Berlin")

    def database(self, name: str, default: dict[str, Any]) -> dict[str, Any]:
        """A database of Django's DATABASES."""

        def reading(given: str) -> dict[str, Any]:
            if urlsplit(given).scheme not in _DATABASES:
                raise ValueError
            return dict(self.db_url_config(given))

        allowed = "an address such as postgres://user:password@host/name or sqlite:////folder/file"
        return self.read(name, default, reading, allowed, secret=True)

    def mail(self, name: str) -> dict[str, Any]:
        """Django's settings of a mail server; without one letters go to the console."""

        def reading(given: str) -> dict[str, Any]:
            url = urlsplit(given)
            if url.scheme not in _WITHOUT_SERVER and not url.hostname:
                raise ValueError
            return dict(self.email_url_config(given))

        allowed = "an address such as smtp+tls://user:password@host:587"
        return self.read(name, self.email_url_config("consolemail://"), reading, allowed, secret=True)


def _known(given: str, by_word: dict[str, T]) -> T:
    if given not in by_word:
        raise ValueError
    return by_word[given]


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
