"""A script's file, read."""

from dataclasses import dataclass

from concepts.library.files import Source
from quizzes.domain.mocks.script import Script


@dataclass(frozen=True, slots=True)
class ScriptSheet:
    """A script and where it stands."""

    source: Source
    script: Script

    @property
    def slug(self) -> str:
        return self.source.path.stem
