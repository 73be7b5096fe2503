"""What is done to concepts: typesetting, indexing for search."""

from concepts.domain.search_text import normalise
from concepts.models import Concept, ModelAnswer, SearchEntry
from mlprep.shared.maths import render_math
from mlprep.shared.rendering import render_library_text


def render_formula(concept: Concept) -> None:
    """Typeset the concept's LaTeX form. Raises MathError where KaTeX cannot read it."""
    concept.formula_html = render_math(concept.formula_latex, display=True) if concept.formula_latex else ""


def render_model_answer(answer: ModelAnswer) -> None:
    """Render the answer and the correction. Raises MathError where a formula cannot be typeset."""
    answer.body_html = render_library_text(answer.body)
    answer.correction_reason_html = render_library_text(answer.correction_reason)
    latex = answer.correction_latex
    answer.correction_latex_html = render_math(latex, display=True) if latex else ""


def index_for_search(concept: Concept) -> None:
    """Write the concept's words where the search looks."""
    answer = ModelAnswer.objects.filter(concept=concept).first()
    SearchEntry.objects.update_or_create(
        concept=concept,
        defaults={
            "code": normalise(concept.code),
            "name": normalise(concept.name),
            "formula": normalise(f"{concept.formula} {concept.formula_latex}"),
            "interview_question": normalise(concept.interview_question),
            "notes": normalise(concept.notes),
            "answer": normalise(
                f"{answer.body} {answer.correction_formula} {answer.correction_reason}" if answer else ""
            ),
        },
    )
