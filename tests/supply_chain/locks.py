"""What the lock files name."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One that is locked. licence: as its makers name it, empty where the lock does not say."""

    name: str
    version: str
    licence: str = ""


def python_packages() -> list[Package]:
    """Of requirements.txt: what runs, and node that builds the assets."""
    text = (ROOT / "requirements.txt").read_text()
    return sorted(Package(name, version) for name, version in _PINNED.findall(text))


def browser_packages() -> list[Package]:
    """Of package-lock.json: the browser's libraries, and what builds and checks them."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return sorted(
        {
            Package(path.rsplit("node_modules/", 1)[1], entry["version"], str(entry.get("license", "")))
            for path, entry in locked.items()
            if path
        }
    )
