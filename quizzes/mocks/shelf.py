"""The shelf of mock interviews: `mocks/<id>.yaml`."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from concepts.library.faults import Fault
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.models import Concept, Topic
from quizzes.mocks.models import MockScript, MockScriptVersion
from quizzes.mocks.proving import prove
from quizzes.mocks.reading import read_script, unknown_names
from quizzes.mocks.rendering import render_script
from quizzes.mocks.schema import ScriptSheet


class MockShelf:
    """Scripts by their file's name; interviews that were sat keep the text they asked."""

    name = "mocks"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("mocks/*.yaml"))

    def read(self, path: Path) -> ScriptSheet:
        return read_script(path)

    def check(self, library: Items) -> Sequence[Fault]:
        codes = tracker_codes(library)
        topics = {sheet.slug for sheet in library["topics"].values() if sheet is not None}
        return [fault for sheet in library[self.name].values() for fault in unknown_names(sheet, codes, topics)]

    def prove(self, library: Items) -> Iterator[Fault]:
        """Faults found by running: solutions pass, what is given fails."""
        return prove(library[self.name].values())

    def report(self, library: Items) -> Iterator[str]:
        scripts = [sheet.script for sheet in library[self.name].values()]
        kinds = Counter(script.kind for script in scripts)
        follow_ups = sum(len(script.follow_ups) for script in scripts)
        yield f"{len(scripts)} mock interviews with {follow_ups} follow-ups"
        yield from (f"  {kind}: {count}" for kind, count in sorted(kinds.items()))

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        if changed:
            topics = {topic.slug: topic for topic in Topic.objects.all()}
            concepts = {concept.code: concept for concept in Concept.objects.all()}
            for path in sorted(changed):
                sheet: ScriptSheet = items[path]
                script = _store(sheet)
                script.topics.set([topics[slug] for slug in sheet.script.topics])
                script.concepts.set([concepts[code] for code in sheet.script.concepts])
        MockScript.objects.current().exclude(slug__in=[path.stem for path in items]).update(retired=True)


def _store(sheet: ScriptSheet) -> MockScript:
    content = sheet.script.model_dump()
    script, _ = MockScript.objects.update_or_create(
        slug=sheet.slug,
        defaults={
            **{name: content[name] for name in ("kind", "title", "minutes", "difficulty")},
            "roles": " ".join(content["roles"]),
            "retired": False,
        },
    )
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    # The HTML follows the renderer, so it is written anew; what the version says never changes.
    rendered = render_script(sheet.script)
    version, _ = MockScriptVersion.objects.update_or_create(
        script=script,
        digest=digest,
        defaults={"rendered": rendered},
        create_defaults={"rendered": rendered, "content": content},
    )
    if script.current_id != version.pk:
        script.current = version
        script.save(update_fields=["current"])
    return script
