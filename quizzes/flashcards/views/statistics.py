"""How a learner's cards do."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.flashcards.charts import Bar, bars, heatmap
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.reports import (
    distributions,
    forecast,
    hours,
    ratings,
    retention,
    reviews_by_day,
    year_of_answers,
)

FORECAST_DAYS = 30
SPANS = {"month": 30, "quarter": 91, "year": 365}


@login_required
@require_safe
def statistics(request: LearnerRequest) -> HttpResponse:
    """Forecast, reviews and time a day, true retention, buttons, and the memory's distributions."""
    span = request.GET.get("span", "")
    days = SPANS.get(span, SPANS["month"])
    today = request.user.day_of(timezone.now())
    settings = settings_of(request.user)
    since = today - timedelta(days=days - 1)
    done = reviews_by_day(request.user, today, days=days)
    coming = forecast(request.user, today, days=FORECAST_DAYS)
    context = {
        "span": span if span in SPANS else "month",
        "spans": list(SPANS),
        "settings": settings,
        "answers": sum(day.count for day in done),
        "hours": sum(day.seconds for day in done) / 3600,
        "days_studied": sum(day.count > 0 for day in done),
        "days": days,
        "year": heatmap([Bar(f"{day.day:%-d %B %Y}", day.count) for day in year_of_answers(request.user, today)]),
        "by_hour": (by_hour := hours(request.user, max(since, today - timedelta(days=SPANS["month"])))),
        "retention": retention(request.user, since),
        "charts": [
            bars("Reviews due", "cards", [Bar(f"{day.day:%-d %b}", day.count) for day in coming]),
            bars("Answers a day", "answers", [Bar(f"{day.day:%-d %b}", day.count) for day in done]),
            bars("Minutes a day", "minutes", [Bar(f"{day.day:%-d %b}", round(day.seconds / 60, 1)) for day in done]),
            bars(
                "Buttons",
                "answers",
                [Bar(rating.name.title(), n) for rating, n in ratings(request.user, since).items()],
            ),
            bars("Hours of the day", "answers", [Bar(f"{hour.hour}:00", hour.answers) for hour in by_hour]),
            *(
                bars(title, "cards", [Bar(label, count) for label, count in classes])
                for title, classes in distributions(request.user, settings, today)
            ),
        ],
    }
    return render_page(request, "quizzes/flashcards/statistics.html", context)
