"""`make audit`: ask PyPI and npm whether a locked version is known to be weak, and tell what could not be asked."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from tests.supply_chain.locks import ROOT

PYPI = "https://pypi.org/pypi/NAME/VERSION/json"
NPM = "https://registry.npmjs.org/-/npm/v1/security/advisories/bulk, or the registry that npm is set to"


@dataclass(slots=True)
class Verdict:
    """What one registry said. weak: `package version: advisory`. asked: packages it knew of. unasked: why not all.

    address: what was asked of it.
    """

    registry: str
    address: str
    asked: int = 0
    weak: list[str] = field(default_factory=list)
    unasked: str = ""

    def __str__(self) -> str:
        parts = [
            f"{self.registry}: {self.asked} packages checked, {len(self.weak)} known to be weak (asked: {self.address})"
        ]
        parts += [f"  {line}" for line in self.weak]
        if self.unasked:
            parts.append(f"  NOT CHECKED: {self.unasked}")
        return "\n".join(parts)


def read_pip_audit(answer: str, error: str) -> Verdict:
    """What `pip-audit --format json` printed."""
    verdict = Verdict("PyPI", PYPI)
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        verdict.unasked = f"PyPI's advisories cannot be reached ({_last_line(error)})"
        return verdict
    skipped = [package for package in found if "skip_reason" in package]
    verdict.asked = len(found) - len(skipped)
    verdict.weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {weakness['fix_versions'] or 'none yet'}"
        for package in found
        for weakness in package.get("vulns", [])
    ]
    if skipped:
        verdict.unasked = (
            f"{len(skipped)} packages, for which that address has no answer, as a mirror without advisories has none "
            f"({skipped[0]['skip_reason']})"
        )
    return verdict


def read_npm_audit(answer: str, error: str) -> Verdict:
    """What `npm audit --json` printed."""
    verdict = Verdict("npm", NPM)
    try:
        told = json.loads(answer)
        verdict.asked = told["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError):
        verdict.unasked = f"npm's advisories cannot be reached ({_npm_reason(answer) or _last_line(error)})"
        return verdict
    verdict.weak = [f"{name}: {weakness['severity']}" for name, weakness in told.get("vulnerabilities", {}).items()]
    return verdict


def _npm_reason(answer: str) -> str:
    """What the registry said, such as `405 Method Not Allowed - POST …`; empty where it said nothing."""
    try:
        return str(json.loads(answer).get("message", ""))
    except (ValueError, AttributeError):
        return ""


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip() and "complete log" not in line]
    return lines[-1].strip() if lines else "no answer"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def main() -> int:
    """Ask both; 1 where something is known to be weak."""
    python = _run(
        "pip-audit", "--requirement", "requirements.txt", "--disable-pip", "--require-hashes", "--format", "json"
    )
    browser = _run("npm", "audit", "--json")
    verdicts = [read_pip_audit(python.stdout, python.stderr), read_npm_audit(browser.stdout, browser.stderr)]
    print("\n".join(map(str, verdicts)))
    return int(any(verdict.weak for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
