"""Settings as people give them: variables, a file `.env`, and files that hold secrets.

As a program it prints what is given for some names, for whoever must not load the app: the server's own set-up.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

_ENDS_OF_LINES = "\r\n"


class SettingsRefused(ImproperlyConfigured):
    """The app does not start with these settings; the text says which, and what to set instead."""


class Variables(FileAwareMapping):
    """Variables of the environment; `X_FILE` names a file that holds X. An empty variable counts as not given."""

    def __getitem__(self, key: str) -> str:
        """The value. Raises KeyError where there is none, ImproperlyConfigured for a file that cannot be read."""
        if path := self.env.get(f"{key}_FILE"):
            return _read(f"{key}_FILE", path).rstrip(_ENDS_OF_LINES)
        if value := self.env.get(key):
            return str(value)
        raise KeyError(key)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Take a value of `.env`, which gives way to a variable even where that is empty."""
        return self.env.setdefault(key, default)


class Environment(environ.FileAwareEnv):
    """django-environ's reader, for which a value with a `$` is no name of another variable."""

    ENVIRON = Variables()

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        """The value of a variable, or the default. Raises ImproperlyConfigured where it is none of its kind."""
        try:
            value = self.ENVIRON[var]
        except KeyError:
            if default is self.NOTSET:
                raise ImproperlyConfigured(f"{var} is not set.") from None
            return default
        try:
            return self.parse_value(value, cast)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} is {value!r}; it takes a number.") from error

    @classmethod
    def db_url_config(cls, url: Any, engine: Any = None) -> dict[str, Any]:
        """The database of an address, whose host may be a socket's folder (`%2Frun%2Fpostgresql`), as in libpq's."""
        config: dict[str, Any] = super().db_url_config(url, engine)
        return config | {"HOST": unquote(str(config.get("HOST", "")))}

    def as_once_read(self, var: str) -> list[str]:
        """The secret as it was before ends of lines were left out, where its file has one: it may still be in use."""
        path = self.ENVIRON.env.get(f"{var}_FILE")
        return [text for text in [_read(f"{var}_FILE", path)] if text != text.rstrip(_ENDS_OF_LINES)] if path else []


def read_dotenv(env: Environment, folder: Path) -> None:
    """Let the folder's `.env` add what no variable says. Raises SettingsRefused where it cannot be read."""
    file = folder / ".env"
    if file.exists() and not os.access(file, os.R_OK):
        raise SettingsRefused(f"{file} is there, but this user cannot read it: change its owner or take it away.")
    env.read_env(file)


def with_password(url: str, password: str) -> str:
    """An address with the password in it, where it has none."""
    parts = urlsplit(url)
    if not url or not password or parts.password is not None:
        return url
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{place}").geturl()


def _read(name: str, path: str) -> str:
    try:
        text = Path(path).read_bytes().decode()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    except UnicodeDecodeError:
        reason = "it is no text"
    else:
        reason = "" if text.strip() else "it is empty"
    if reason:
        raise SettingsRefused(
            f"{name} names {path}, which cannot be read: {reason}. Let it name a file that holds the value and that "
            "this user can read, or leave it out."
        )
    return text


if __name__ == "__main__":
    try:
        _env = Environment()
        read_dotenv(_env, Path(__file__).resolve().parent.parent)
        print(json.dumps({name: _env.str(name, default="") for name in sys.argv[1:]}))
    except ImproperlyConfigured as _error:
        sys.exit(str(_error))
