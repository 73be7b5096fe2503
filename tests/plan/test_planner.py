"""What holds for every plan, whatever is to be learnt and however much time there is."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progress.domain.calendar import learner_day
from progress.domain.plan.changes import changes
from progress.domain.plan.choosing import choose
from progress.domain.plan.days import Frame, Stage, days_of, learning_days
from progress.domain.plan.focus import Focus, in_focus
from progress.domain.plan.habits import Habit
from progress.domain.plan.items import HIGH, LOW, REST, Item, Kind, Layer, Window
from progress.domain.plan.memory import Memory, Past
from progress.domain.plan.pace import at_pace, pace
from progress.domain.plan.planner import lay, stages

TODAY = date(2026, 11, 26)
HABITS = [Habit("formulas", "Formulas", 10, 7, 4), Habit("skim", "Skim", 10, 1, 1)]


def reading(number: int, *, needs: tuple[str, ...] = (), pieces: int = 4, **fields: object) -> Item:
    parts = tuple((f"part-{place}", 9) for place in range(pieces))
    return Item(
        **{
            "key": f"read:t{number}",
            "kind": Kind.READ,
            "title": f"Topic {number}",
            "minutes": 9 * pieces,
            "value": 30,
            "order": 100 * number,
            "needs": needs,
            "pieces": parts,
            "topic": f"t{number}",
            "concepts": frozenset({f"C-{number}"}),
            **fields,
        }
    )


def exercise(number: int, place: int = 0, **fields: object) -> Item:
    return Item(
        **{
            "key": f"exercise:t{number}/{place}",
            "kind": Kind.EXERCISE,
            "title": f"Exercise {number}.{place}",
            "minutes": 15,
            "value": 30,
            "order": 100 * number + 1 + place,
            "needs": (f"read:t{number}",),
            "topic": f"t{number}",
            "window": Window.PRACTICE,
            **fields,
        }
    )


@st.composite
def courses(draw: st.DrawFn) -> list[Item]:
    """Topics that build on earlier ones, with exercises and rehearsals, of any value and length."""
    items: list[Item] = []
    for number in range(draw(st.integers(0, 12))):
        earlier = [f"read:t{other}" for other in range(number)]
        needs = tuple(draw(st.sets(st.sampled_from(earlier), max_size=3))) if earlier else ()
        priority = draw(st.integers(LOW, HIGH))
        pieces = draw(st.integers(1, 8))
        first = draw(st.integers(0, pieces))
        names = [f"part-{place}" for place in range(pieces)]
        groups = ((10 * priority + 5, tuple(names[first:])), (10 * priority - 5, tuple(names[:first])))
        layers = tuple(Layer(value, group) for value, group in groups if group) if draw(st.booleans()) else ()
        items.append(reading(number, needs=needs, pieces=pieces, priority=priority, value=10 * priority, layers=layers))
        lengths = draw(st.lists(st.integers(1, 60), max_size=3))
        items += [exercise(number, place, priority=priority, minutes=length) for place, length in enumerate(lengths)]
        if draw(st.booleans()):
            key = f"derive:t{number}"
            items.append(exercise(number, key=key, kind=Kind.FREE, minutes=12, window=Window.REHEARSAL, order=9_000))
    return items


frames = st.builds(
    Frame,
    today=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    minutes=st.tuples(*[st.sampled_from([0, 5, 25, 60, 120, 300])] * 7),
    review_weekday=st.integers(0, 6),
    spent=st.sampled_from([0, 30]),
)


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, object]:
    frame = draw(frames)
    days = draw(st.one_of(st.none(), st.integers(0, 70)))
    off = draw(st.sets(st.integers(0, 30), max_size=6))
    frame = Frame(
        frame.today,
        frame.minutes,
        None if days is None else frame.today + timedelta(days=days),
        frozenset(frame.today + timedelta(days=place) for place in off),
        frame.review_weekday,
        frame.spent,
    )
    cards = {frame.today + timedelta(days=place): draw(st.integers(0, 40)) for place in range(10)}
    memories = tuple(
        Memory(f"old{number}", f"Old {number}", frame.today - timedelta(days=draw(st.integers(0, 40))))
        for number in range(draw(st.integers(0, 3)))
    )
    return {
        "items": draw(courses()),
        "frame": frame,
        "past": Past(memories=memories),
        "cards": cards,
        "habits": HABITS,
    }


@settings(max_examples=150)
@given(inputs())
def test_no_day_gets_more_than_its_minutes(given_):
    laid, frame = lay(**given_), given_["frame"]
    minutes = {day.date: day.minutes for day in days_of(frame)}
    for day in {task.day for task in laid.tasks}:
        assert sum(task.minutes for task in laid.on(day)) <= minutes[day]
        assert minutes[day] <= frame.minutes[day.weekday()]
        assert day not in frame.days_off
        assert frame.interview is None or frame.today <= day < frame.interview


@settings(max_examples=150)
@given(inputs())
def test_nothing_comes_before_what_it_builds_on(given_):
    laid = lay(**given_)
    first, last = {}, {}
    for place, task in enumerate(laid.tasks):
        first.setdefault(task.key, place)
        last[task.key] = place
    keys = {item.key for item in given_["items"]}
    left = {out.key for out in laid.left_out}
    for item in given_["items"]:
        for need in item.needs:
            if item.key in first and need in keys:
                assert need not in left
                assert last[need] < first[item.key]


@settings(max_examples=150)
@given(inputs())
def test_everything_of_high_priority_is_placed_or_named_as_left_out(given_):
    laid = lay(**given_)
    left = {out.key for out in laid.left_out}
    placed: dict[str, list[str]] = {}
    for task in laid.tasks:
        placed.setdefault(task.key.removesuffix(REST), []).extend(task.pieces)
    for item in given_["items"]:
        whole = item.key in placed and {name for name, _ in item.pieces} == set(placed[item.key])
        if item.window is Window.REHEARSAL:
            continue
        assert whole != bool({item.key, item.key + REST} & left), item.key
        assert len(placed.get(item.key, [])) == len(set(placed.get(item.key, [])))
    assert all(out.reason for out in laid.left_out)


@given(inputs())
def test_the_same_input_gives_the_same_plan(given_):
    assert lay(**given_) == lay(**given_)


@settings(max_examples=150)
@given(inputs())
def test_reviews_come_at_growing_gaps(given_):
    laid = lay(**given_)
    learnt = {memory.topic: memory.last_on for memory in given_["past"].memories}
    learnt |= {task.topic: task.day for task in laid.tasks if task.kind is Kind.READ}
    for topic, day in learnt.items():
        days = [task.day for task in laid.tasks if task.kind is Kind.REVIEW and task.topic == topic]
        gaps = [(later - earlier).days for earlier, later in pairwise([day, *days])]
        assert all(earlier < later for earlier, later in pairwise(gaps)), gaps
        assert not gaps or gaps[0] >= 2


@given(inputs())
def test_no_task_comes_twice(given_):
    names = [(task.key, task.portion) for task in lay(**given_).tasks]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Sao_Paulo", "UTC"])
def test_a_plan_begins_on_the_learners_own_day_wherever_they_are(zone):
    """The same moment is another day elsewhere; across a change of the clocks each date still comes once."""
    where = ZoneInfo(zone)
    for moment in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 30, tzinfo=UTC)):
        today = learner_day(moment, where)
        frame = Frame(today, (60,) * 7, today + timedelta(days=10))
        dates = [day.date for day in days_of(frame)]
        assert dates == [today + timedelta(days=place) for place in range(10)]
        later = [learner_day(moment + timedelta(hours=24 * place), where) for place in range(10)]
        assert all(abs((one - other).days) <= 1 for one, other in zip(dates, later, strict=True))


def test_200_items_are_laid_on_60_days_in_under_200_milliseconds():
    items = [reading(number, needs=(f"read:t{number - 2}",), pieces=8) for number in range(40)]
    items += [exercise(number, place, value=30 - place) for number in range(40) for place in range(4)]
    frame = Frame(TODAY, (120,) * 5 + (180, 180), TODAY + timedelta(days=60))
    best = []
    for _ in range(3):
        begun = time.process_time()
        lay(items=items, frame=frame, cards={day.date: 15 for day in days_of(frame)}, habits=HABITS)
        best.append(time.process_time() - begun)
    assert min(best) < 0.2


def test_a_long_text_is_read_on_several_days_by_its_parts():
    laid = lay(items=[reading(1, pieces=8)], frame=Frame(TODAY, (30,) * 7))
    portions = [task for task in laid.tasks if task.key == "read:t1"]
    assert [len(task.pieces) for task in portions] == [3, 3, 2]
    assert [task.portion for task in portions] == [1, 2, 3]


def test_where_time_is_short_the_most_valuable_comes_with_what_it_needs():
    items = [reading(number, value=10) for number in range(8)]
    items += [reading(8, needs=("read:t3",), value=30)]
    laid = lay(items=items, frame=Frame(TODAY, (40,) * 7, TODAY + timedelta(days=6)))
    assert {"read:t3", "read:t8"} <= {task.key for task in laid.tasks}
    assert {out.reason for out in laid.left_out} == {"No room for it before the interview"}


def chain(count: int) -> list[Item]:
    """Topics that each build on the one before, of four parts each; the second part is what others build on."""
    layers = (Layer(40, ("part-1",)), Layer(35, ("part-0", "part-2")), Layer(20, ("part-3",)))
    return [reading(number, needs=(f"read:t{number - 1}",) if number else (), layers=layers) for number in range(count)]


def test_a_short_plan_goes_through_the_whole_course_and_shortens_each_text():
    items = [*chain(15), *(exercise(number, value=25) for number in range(15))]
    laid = lay(items=items, frame=Frame(TODAY, (45,) * 7, TODAY + timedelta(days=12)))
    first = {task.key for task in laid.tasks if task.kind is Kind.READ and not task.key.endswith(REST)}
    assert first == {f"read:t{number}" for number in range(15)}
    assert next(out for out in laid.left_out if out.key == "read:t14:rest").title == "The rest of Topic 14"
    assert any(task.kind is Kind.EXERCISE for task in laid.tasks)


def test_a_plan_with_time_enough_shortens_nothing():
    laid = lay(items=chain(5), frame=Frame(TODAY, (90,) * 7, TODAY + timedelta(days=40)))
    assert not laid.left_out
    assert not [task for task in laid.tasks if task.key.endswith(REST)]


def test_three_days_before_an_interview_there_is_still_something_learnt():
    laid = lay(items=chain(4), frame=Frame(TODAY, (60,) * 7, TODAY + timedelta(days=3)))
    assert {task.topic for task in laid.tasks} == {"t0", "t1", "t2", "t3"}


def test_a_long_plan_laid_anew_near_its_end_does_not_begin_to_learn_again():
    interview = TODAY + timedelta(days=10)
    near = Frame(TODAY, (60,) * 7, interview)
    begun = Frame(TODAY, (60,) * 7, interview, begun=TODAY - timedelta(days=50))
    assert days_of(near)[0].stage is Stage.LEARN
    assert [day.stage for day in days_of(begun)][:4] == [Stage.REVIEW] * 3 + [Stage.LAST_WEEK]
    assert days_of(begun)[-1].stage is Stage.EVE


def test_what_takes_longer_than_any_day_is_left_out_with_that_reason():
    items = [reading(1), exercise(1, minutes=50), exercise(1, 1, needs=("exercise:t1/0",))]
    laid = lay(items=items, frame=Frame(TODAY, (40,) * 7))
    assert [out.reason for out in laid.left_out] == [
        "Takes 50 minutes in one go; your longest day has 40",
        "Builds on what is left out too: Exercise 1.0",
    ]


def test_a_fixed_day_is_not_anticipated():
    begins = TODAY + timedelta(days=3)
    laid = lay(items=[reading(1, not_before=begins)], frame=Frame(TODAY, (60,) * 7))
    assert laid.tasks[0].day == begins


def test_the_last_weeks_follow_the_countdown():
    frame = Frame(TODAY, (60,) * 7, TODAY + timedelta(days=40))
    spans = {
        stage: ((frame.interview - first).days, (frame.interview - last).days) for stage, first, last in stages(frame)
    }
    assert spans == {
        Stage.LEARN: (40, 15),
        Stage.REVIEW: (14, 8),
        Stage.LAST_WEEK: (7, 4),
        Stage.LIGHT: (3, 2),
        Stage.EVE: (1, 1),
    }
    items = [reading(number) for number in range(30)]
    items += [exercise(n, key=f"derive:t{n}", kind=Kind.FREE, window=Window.REHEARSAL, minutes=12) for n in range(30)]
    laid = lay(items=items, frame=frame, habits=HABITS)
    left = {task.key: (frame.interview - task.day).days for task in laid.tasks}
    assert min(days for key, days in left.items() if key.startswith("read:")) > 14
    assert max(days for key, days in left.items() if key.startswith("derive:")) <= 14
    assert sorted(days for key, days in left.items() if key.startswith("formulas:")) == [4, 5, 6, 7]
    assert [key.split(":")[0] for key, days in left.items() if days == 1] == ["skim"]
    assert sum(task.minutes for task in laid.on(frame.interview - timedelta(days=1))) <= 30


@given(st.integers(0, 400))
def test_there_is_time_to_learn_however_near_the_interview_is(days):
    learning = learning_days(days)
    assert days / 3 <= learning <= days
    assert days < 28 or learning == days - 14


def test_mock_interviews_come_weekly_after_ten_topics_and_more_often_near_the_date():
    past = Past(memories=tuple(Memory(f"t{n}", f"T{n}", TODAY - timedelta(days=8)) for n in range(10)))
    laid = lay(items=[], frame=Frame(TODAY, (90,) * 7, TODAY + timedelta(days=35)), past=past)
    left = [(TODAY + timedelta(days=35) - task.day).days for task in laid.tasks if task.kind is Kind.MOCK]
    assert left[:3] == [35, 28, 21]
    assert min(left) >= 4
    assert max(earlier - later for earlier, later in pairwise(left)) == 7
    assert len([days for days in left if days <= 14]) >= 3


def test_what_was_done_does_not_come_again_and_today_has_only_what_is_left_of_it():
    past = Past(done=frozenset({f"weekly:{TODAY}"}), portions={"read:t1": 2}, mocks=3)
    frame = Frame(TODAY, (60,) * 7, spent=50, review_weekday=TODAY.weekday())
    laid = lay(items=[reading(1)], frame=frame, past=past)
    assert sum(task.minutes for task in laid.on(TODAY)) <= 10
    assert f"weekly:{TODAY}" not in {task.key for task in laid.tasks}
    assert min(task.portion for task in laid.tasks if task.key == "read:t1") == 3


def test_a_focus_keeps_what_it_builds_on():
    items = [
        reading(1, priority=LOW),
        reading(2, needs=("read:t1",), priority=HIGH),
        reading(3, priority=LOW),
        exercise(2),
    ]
    kept, aside = in_focus(items, Focus.HIGH)
    assert {item.key for item in kept} == {"read:t1", "read:t2"}
    assert {out.key for out in aside} == {"read:t3", "exercise:t2/0"}
    assert {item.key for item in in_focus(items, Focus.THEORY)[0]} == {"read:t1", "read:t2", "read:t3"}
    assert {item.key for item in in_focus(items, Focus.CODING)[0]} == {"read:t1", "read:t2", "exercise:t2/0"}
    assert in_focus(items, Focus.ALL) == (items, [])


def test_prerequisites_in_a_circle_end_in_a_plan_all_the_same():
    items = [reading(1, needs=("read:t2",)), reading(2, needs=("read:t1",)), reading(3)]
    assert len(choose(items, 1_000)) == 3
    laid = lay(items=items, frame=Frame(TODAY, (60,) * 7))
    assert {out.key for out in laid.left_out} == {"read:t1", "read:t2"}


def test_a_pace_is_drawn_towards_the_usual_one_and_has_limits():
    assert pace(0, 0) == 1
    assert pace(240, 120) == pytest.approx(1.5)
    assert pace(20_000, 100) == 3
    assert at_pace(10, 1.26) == 13
    assert at_pace(1, 0.4) == 1


def test_what_would_move_names_tasks_that_change_day_and_no_daily_cards():
    frame = Frame(TODAY, (40,) * 7)
    cards = {day.date: 5 for day in days_of(frame)}
    before = lay(items=[reading(1), reading(2)], frame=frame, cards=cards)
    later = Frame(TODAY + timedelta(days=2), (40,) * 7)
    after = lay(items=[reading(1), reading(2)], frame=later, cards=cards)
    moved = changes(before.tasks, after.tasks)
    assert {change.kind for change in moved if change.before and change.after} >= {Kind.READ}
    assert all(change.before != change.after for change in moved)
    assert not [change for change in moved if change.kind is Kind.CARDS]
    assert changes(before.tasks, before.tasks) == []
