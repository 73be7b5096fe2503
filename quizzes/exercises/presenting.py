"""What the pages show of an exercise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from progress.models import User
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork


@dataclass(frozen=True, slots=True)
class Listed:
    """An exercise in a list: `state` is solved, begun or empty."""

    exercise: Exercise
    state: str = ""


def listed(exercises: Iterable[Exercise], learner: User | None) -> list[Listed]:
    """Exercises with how far the learner is."""
    if learner is None:
        return [Listed(exercise) for exercise in exercises]
    works = ExerciseWork.objects.of(learner).values_list("exercise_id", "solved_at")
    states = {exercise: "solved" if solved else "begun" for exercise, solved in works}
    return [Listed(exercise, states.get(exercise.pk, "")) for exercise in exercises]


def editor_context(exercise: Exercise, work: ExerciseWork | None) -> dict[str, Any]:
    """Everything about the learner's work that the page shows."""
    hints = exercise.hints[: work.hints_taken] if work else []
    runs = list(work.runs.ended()[:20]) if work else []
    return {
        "exercise": exercise,
        "work": work,
        "code": work.code if work else exercise.stub,
        "hints": hints,
        "hints_left": len(exercise.hints) - len(hints),
        "runs": runs,
        "solution": exercise.solution if work and work.solution_seen_at else "",
        "may_see_solution": bool(work and (work.solved_at or runs)),
        "minutes_spent": round(work.seconds / 60) if work else 0,
    }


def verdict(run: ExerciseRun) -> dict[str, Any]:
    """A run's result, with how many tests passed."""
    result: dict[str, Any] = run.result or {}
    tests = result.get("tests", [])
    return {
        **result,
        "tests": tests,
        "right": sum(test["outcome"] == "passed" for test in tests),
        "count": len(tests),
    }
