"""`make licences`: write THIRD_PARTY.md anew from the lock files and what is installed."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from tests.supply_chain.locks import ROOT, Package, browser_packages, python_packages

LISTING = ROOT / "THIRD_PARTY.md"
UNTOLD = {
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "fsrs-rs-python": "none stated by the binding; the crate fsrs in it: BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}
"""Of those that some platforms leave out, or whose metadata is silent or unclear."""
_ROW = re.compile(r"^\| (\S+) \| (\S+) \| (.*) \|$", re.MULTILINE)
HEAD = """# What mlprep is built of

Packages of others, exact versions, and the licences their makers name. None of their code is in this repository: they
come from PyPI and npm, checked by the hashes in `requirements.txt` and `package-lock.json`. `make licences` writes this
file; a test compares it with the lock files.
"""


def listed(text: str) -> list[Package]:
    """The rows of a listing."""
    return [Package(*cells) for cells in _ROW.findall(text) if cells[0] not in {"package", "---"}]


def licence_of(name: str) -> str:
    """What an installed package says of its licence, shortly; empty where it is not installed."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    return told.get("License-Expression") or _by_classifier(told) or _first_line(told)


def _by_classifier(told: PackageMetadata) -> str:
    found = [line for line in told.get_all("Classifier") or [] if line.startswith("License :: ")]
    names = [line.rsplit(" :: ", 1)[1] for line in found]
    return ", ".join(name for name in names if name != "OSI Approved")


def _first_line(told: PackageMetadata) -> str:
    line = (told.get("License") or "").strip().split("\n")[0]
    return line if len(line) < 60 else ""


def write(path: Path = LISTING) -> None:
    """Write the listing; a package that this machine's platform leaves out keeps the licence it had."""
    before = {package.name: package.licence for package in listed(path.read_text())} if path.exists() else {}
    python = []
    for package in python_packages():
        licence = UNTOLD.get(package.name) or licence_of(package.name) or before.get(package.name, "")
        python.append(Package(package.name, package.version, licence))
    path.write_text(f"{HEAD}\n## Python\n\n{_table(python)}\n## Browser and build\n\n{_table(browser_packages())}")


def _table(packages: list[Package]) -> str:
    rows = "".join(f"| {package.name} | {package.version} | {package.licence} |\n" for package in packages)
    return f"| package | version | licence |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    write()
