"""What the pages show of an exercise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from progress.models import User
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork, digest_of

RUNS_A_PAGE = 20


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


def editor_context(exercise: Exercise, work: ExerciseWork | None, *, page: int = 1) -> dict[str, Any]:
    """Everything about the learner's work that the page shows. page: of the history, the newest runs are on 1."""
    hints = exercise.hints[: work.hints_taken] if work else []
    counts = {"all": 0, "tries": 0}
    runs: list[ExerciseRun] = []
    if work:
        counts = work.runs.ended().aggregate(all=Count("pk"), tries=Count("pk", filter=Q(is_try=True)))
        page = max(1, min(page, -(-counts["all"] // RUNS_A_PAGE)))
        shown = work.runs.ended().only("work_id", "passed", "is_try", "created_at")
        runs = list(shown[(page - 1) * RUNS_A_PAGE : page * RUNS_A_PAGE])
    return {
        "exercise": exercise,
        "work": work,
        "code": work.code if work else exercise.stub,
        "seen": work.digest if work else digest_of(exercise.stub),
        "next_hint": len(hints) + 1,
        "hints": hints,
        "hints_left": len(exercise.hints) - len(hints),
        "runs": runs,
        "run_count": counts["all"],
        "newer_page": page - 1,
        "older_page": page + 1 if page * RUNS_A_PAGE < counts["all"] else 0,
        "solution": exercise.solution if work and work.solution_seen_at else "",
        "may_see_solution": bool(work and (work.solved_at or counts["tries"])),
        "minutes_spent": round(work.seconds / 60) if work else 0,
    }


def run_of_draft(work: ExerciseWork) -> ExerciseRun | None:
    """The learner's last run, where what it ran is what stands in the editor."""
    last = work.runs.order_by("-created_at").first()
    return last if last and last.code == work.code else None


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
