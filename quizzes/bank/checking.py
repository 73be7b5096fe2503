"""What is wrong in files of questions, beyond their form; every computed answer is computed here."""

import re
from collections.abc import Iterator, Sequence
from math import isclose

from concepts.library.faults import Fault
from quizzes.bank.computing import Computed, compute
from quizzes.bank.rendering import QuestionTextError, render_question
from quizzes.bank.schema import QuestionSheet
from quizzes.domain.questions.cloze import BLANK, Cloze
from quizzes.domain.questions.code_output import CodeOutput, same_output
from quizzes.domain.questions.numeric import Numeric

MAX_OUTPUT_LINES = 4
_MATHML = re.compile(r"<math.*?</math>", re.DOTALL)


def faults_within(sheet: QuestionSheet) -> Iterator[Fault]:
    """Faults of one file: its name, the questions' ids, texts that cannot be rendered."""
    code = sheet.fields.concept
    if code != sheet.source.path.stem:
        yield sheet.source.fault(f"concept: the file is named {sheet.source.path.stem}; name it {code}.yaml", "concept")
    for index, (question, content) in enumerate(zip(sheet.fields.questions, sheet.contents, strict=True)):
        if not question.id.startswith(f"{code.lower()}-"):
            yield sheet.source.fault(f"id: begin it with {code.lower()}-", "questions", index, "id")
        try:
            rendered = render_question(content)
        except QuestionTextError as error:
            yield sheet.source.fault(str(error), "questions", index, *error.location)
            continue
        if isinstance(question, Cloze) and len(BLANK.findall(_MATHML.sub("", rendered["text"]))) != len(
            question.blanks
        ):
            yield sheet.source.fault("text: a blank stands inside a formula; move it out", "questions", index, "text")


def ids_used_twice(sheets: Sequence[QuestionSheet]) -> Iterator[Fault]:
    """An id is a question's name for ever, in all files."""
    first: dict[str, str] = {}
    for sheet in sheets:
        for index, question in enumerate(sheet.fields.questions):
            where = f"{sheet.source.path.name}:{sheet.source.line('questions', index, 'id')}"
            if question.id in first:
                problem = f"id: {question.id} stands already at {first[question.id]}; give this one another"
                yield sheet.source.fault(problem, "questions", index, "id")
            first.setdefault(question.id, where)


def compute_answers(sheets: Sequence[QuestionSheet]) -> list[Fault]:
    """Run every snippet once: outputs are kept with their sheet, numbers compared with the answers."""
    places = [
        (sheet, index, question)
        for sheet in sheets
        for index, question in enumerate(sheet.fields.questions)
        if isinstance(question, CodeOutput | Numeric)
    ]
    snippets = [question.code if isinstance(question, CodeOutput) else question.check for _, _, question in places]
    faults: list[Fault] = []
    for (sheet, index, question), computed in zip(places, compute(snippets), strict=True):
        key, problem = _compare(question, computed)
        if problem:
            faults.append(sheet.source.fault(problem, "questions", index, key))
        elif isinstance(question, CodeOutput):
            sheet.outputs[index] = computed.output
    return faults


def _compare(question: CodeOutput | Numeric, computed: Computed) -> tuple[str, str]:
    """Which field is at fault, and what is wrong; nothing where the computed agrees."""
    key = "code" if isinstance(question, CodeOutput) else "check"
    if computed.problem:
        return key, f"{key}: it does not run: {computed.problem}"
    if isinstance(question, CodeOutput):
        return key, _output_problem(question, computed.output)
    if computed.number is None:
        return key, "check: assign the number to `result`"
    if not isclose(computed.number, question.asked.answer, rel_tol=1e-6, abs_tol=1e-9):
        return "answer", f"answer: it is {question.asked.answer:.9g}, the check computes {computed.number:.9g}"
    return "", ""


def _output_problem(question: CodeOutput, output: str) -> str:
    if not output:
        return "code: it prints nothing"
    if output.count("\n") >= MAX_OUTPUT_LINES:
        return f"code: it prints more than {MAX_OUTPUT_LINES} lines; ask for less"
    if question.output and not same_output(question.output, output):
        return f"output: the code prints {output!r}; leave `output` out"
    for mistake in question.mistakes:
        if same_output(mistake.output, output):
            return f"mistakes: {mistake.output!r} is what the code prints"
    return ""
