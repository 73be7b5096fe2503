"""A note as a Markdown file with front matter, as people keep notes elsewhere."""

import re
from collections.abc import Mapping

import yaml

_FENCE = "---\n"
_UNSAFE = re.compile(r"[^\w-]+", re.ASCII)


def note_file(front: Mapping[str, object], body: str) -> str:
    """The front matter between two lines of dashes, an empty line, and the text as it was written."""
    head = yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True, width=1000)
    return f"{_FENCE}{head}{_FENCE}\n{body}"


def read_note_file(text: str) -> tuple[dict[str, object], str]:
    """What `note_file` has written. Raises ValueError where a text has no front matter that can be read."""
    if not text.startswith(_FENCE):
        raise ValueError("no front matter")
    head, found, body = text[len(_FENCE) :].partition(f"\n{_FENCE}\n")
    if not found:
        raise ValueError("the front matter does not end")
    try:
        front = yaml.safe_load(head + "\n")
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"the front matter cannot be read: {error}") from error
    if not isinstance(front, dict):
        raise ValueError("the front matter has no fields")
    return front, body


def file_name(*parts: str) -> str:
    """A name that every file system takes, such as `DL-021-self-attention.md`."""
    words = [_UNSAFE.sub("-", part).strip("-") for part in parts]
    return "-".join(word for word in words if word)[:100] + ".md"
