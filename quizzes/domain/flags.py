"""The flags that a card may carry, numbered and coloured as in Anki."""

NO_FLAG = 0
FLAGS = {1: "red", 2: "orange", 3: "green", 4: "blue", 5: "pink", 6: "turquoise", 7: "purple"}


def flag_number(colour: str) -> int | None:
    """The number of a colour's flag; None where there is no such colour."""
    return next((number for number, name in FLAGS.items() if name == colour.lower()), None)
