"""What the product is built of is pinned, listed with its licence, and asked about."""

import json
import re

from tests.supply_chain.audit import read_npm_audit, read_pip_audit
from tests.supply_chain.licences import LISTING, listed, write
from tests.supply_chain.locks import ROOT, browser_packages, python_packages


def test_the_listing_names_what_the_lock_files_name():
    named = [(package.name, package.version) for package in listed(LISTING.read_text())]
    locked = [(package.name, package.version) for package in (*python_packages(), *browser_packages())]
    assert len(locked) > 60
    assert named == locked, "run `make licences`"


def test_every_package_has_a_licence_that_may_be_used_so():
    for package in listed(LISTING.read_text()):
        assert package.licence not in {"", "see the package"}, package
        assert not re.search(r"AGPL|Affero|SSPL|Proprietary|Commercial|UNLICENSED", package.licence), package


def test_writing_the_listing_again_changes_nothing(tmp_path):
    copy = tmp_path / "THIRD_PARTY.md"
    copy.write_text(LISTING.read_text())
    write(copy)
    assert copy.read_text() == LISTING.read_text()


def test_every_python_package_is_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for block in re.split(r"\n(?=\S)", (ROOT / name).read_text()):
            if block and not block.startswith("#"):
                assert "==" in block.split("\n")[0], block[:80]
                assert "--hash=sha256:" in block, block[:80]


def test_every_browser_package_comes_from_npm_with_a_hash():
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for path, entry in locked.items():
        if path:
            assert entry.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/"), path
            assert entry["integrity"].startswith("sha512-"), path
    wished = json.loads((ROOT / "package.json").read_text())
    for version in (*wished["dependencies"].values(), *wished["devDependencies"].values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_an_audit_tells_what_is_weak_and_what_it_could_not_ask():
    weak = {"name": "django", "version": "5.2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.1"]}]}
    sound = {"name": "numpy", "version": "2.4.0", "vulns": []}
    skipped = {"name": "six", "skip_reason": "Dependency not found on PyPI"}
    told = read_pip_audit(json.dumps({"dependencies": [weak, sound, skipped]}), "")
    assert told.asked == 2
    assert told.weak == ["django 5.2.0: PYSEC-1, mended in ['5.2.1']"]
    assert "NOT CHECKED: 1 packages" in str(told)


def test_an_audit_without_a_registry_says_so_and_finds_nothing_sound():
    for told in (read_pip_audit("", "no route to host"), read_npm_audit('{"error": {}}', "npm error no route to host")):
        assert told.asked == 0
        assert "NOT CHECKED" in str(told)
        assert "no route to host" in str(told)
    refused = read_npm_audit('{"message": "405 Method Not Allowed - POST https://registry.example/bulk"}', "npm error")
    assert "405 Method Not Allowed - POST https://registry.example/bulk" in str(refused)
    found = {"metadata": {"dependencies": {"total": 9}}, "vulnerabilities": {"katex": {"severity": "high"}}}
    assert read_npm_audit(json.dumps(found), "").weak == ["katex: high"]
