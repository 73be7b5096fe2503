"""What found no place is shown in groups that can be read."""

from mlprep.plan.left_out import Group, Line, grouped


def left(title: str, minutes: int, reason: str) -> dict[str, object]:
    return {"key": title, "title": title, "minutes": minutes, "reason": reason}


def test_items_are_named_by_reason_and_what_follows_from_them_is_summed_up():
    assert grouped(
        [
            left("Ring all-reduce", 35, "Builds on what is left out too: Training loop"),
            left("Training loop", 60, "No room for it"),
            left("Quiz", 10, "Builds on what is left out too: Training loop"),
        ]
    ) == [
        Group("No room for it", [Line("Training loop", 60)], 1, 60),
        Group("Builds on what is left out too", [Line("Training loop", 45, 2)], 2, 45),
    ]


def test_nothing_left_out_is_no_group():
    assert grouped([]) == []
