"""Questions of the library written to the database."""

import hashlib
import json
from typing import Any

from concepts.models import Concept
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.rendering import render_question


def store_question(concept: Concept, content: dict[str, Any]) -> None:
    """Bring a question up to date by its stable id; a changed text makes a new version, past quizzes keep theirs."""
    question, _ = Question.objects.update_or_create(
        slug=content["id"],
        defaults={
            "concept": concept,
            "kind": content["kind"],
            "difficulty": content["difficulty"],
            "retired": False,
        },
    )
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    # The HTML follows the renderer, so it is written anew; what the version says never changes.
    rendered = render_question(content)
    version, _ = QuestionVersion.objects.update_or_create(
        question=question,
        digest=digest,
        defaults={"rendered": rendered},
        create_defaults={"rendered": rendered, "content": content},
    )
    if question.current_id != version.pk:
        question.current = version
        question.save(update_fields=["current"])
