"""A question of a closed quiz as a flashcard of the learner's own."""

from typing import Any

from django.db import transaction

from progress.models import User
from quizzes.attempts.models import AttemptQuestion
from quizzes.flashcards.enrolment import add_to_collection
from quizzes.flashcards.models import Card
from quizzes.flashcards.own_cards import write_card


@transaction.atomic
def question_to_card(*, learner: User, question: AttemptQuestion) -> Card:
    """Make a card of the question, once: asking again gives the one there is.

    A generated question becomes a card with new numbers at each review. The question's concept and a tag go with it.
    """
    asked = question.version.question
    tag = f"from-{asked.slug}"
    made = Card.objects.of(learner).filter(tags=["from-quiz", tag], retired=False).first()
    if made:
        return made
    if asked.kind == "generated":
        content = {"generator": question.version.content["generator"]}
        card = Card.objects.create(
            owner=learner,
            concept=asked.concept,
            kind="generated",
            siblings=tag,
            content=content,
            tags=["from-quiz", tag],
        )
        add_to_collection(learner, [card])
        return card
    front, back = _sides(question.version.content)
    return write_card(learner=learner, front=front, back=back, concept=asked.concept, tags=["from-quiz", tag])[0]


def _sides(content: dict[str, Any]) -> tuple[str, str]:
    """Front and back in Markdown, as plain recall: no options, save where each of them is to be judged."""
    match content["kind"]:
        case "single_choice" | "multiple_choice":
            return _choice(content)
        case "numeric":
            back = f"**{content['answer']} {content['unit']}**\n\n{content['explanation']}"
        case "formula":
            back = f"`{content['answer']}`\n\n{content['explanation']}"
        case "code_output":
            prompt = f"{content['prompt']}\n\n```python\n{content['code']}\n```"
            return prompt, f"```\n{content['output']}\n```\n\n{content['explanation']}"
        case "open":
            back = content["model_answer"]
        case "cloze":
            return _cloze(content)
        case "ordering":
            steps = "\n".join(f"{place}. {step}" for place, step in enumerate(content["steps"], start=1))
            back = f"{steps}\n\n{content['explanation']}"
        case _:
            pairs = "\n".join(f"- {pair['left']}: {pair['right']}" for pair in content["pairs"])
            back = f"{pairs}\n\n{content['explanation']}"
    return content["prompt"], back


def _choice(content: dict[str, Any]) -> tuple[str, str]:
    prompt = content["prompt"].strip()
    if content["kind"] == "multiple_choice":
        prompt += "\n\n" + "\n".join(f"- {option['text'].strip()}" for option in content["options"])
    right = [option for option in content["options"] if option["correct"]]
    return prompt, "\n\n".join(f"**{option['text'].strip()}**\n\n{option['explanation']}" for option in right)


def _cloze(content: dict[str, Any]) -> tuple[str, str]:
    shown, answers = content["text"], []
    for number, blank in enumerate(content["blanks"], start=1):
        shown = shown.replace(f"[[{number}]]", f"({number})")
        answers.append(f"{number}. `{blank['accept'][0]}`: {blank['explanation'].strip()}")
    return f"{content['prompt']}\n\n{shown}", "\n".join(answers)
