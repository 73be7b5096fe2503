"""Notes as files."""

from hypothesis import given
from hypothesis import strategies as st

from progress.domain.note_files import file_name, note_file, read_note_file

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
fronts = st.dictionaries(words, st.one_of(words, st.integers(), st.booleans(), st.none(), st.lists(words)), max_size=5)


@given(fronts, st.text(st.characters(exclude_categories=["Cs"])))
def test_a_file_gives_back_what_was_written(front, body):
    assert read_note_file(note_file(front, body)) == (front, body)


@given(st.text(), st.text())
def test_every_name_is_one_that_file_systems_take(code, name):
    made = file_name(code, name)
    assert made.endswith(".md")
    assert len(made) <= 103
    assert not set(made) & set('/\\:*?"<>|\x00\n')


def test_a_name_says_what_the_note_is_on():
    assert file_name("DL-021", "Self-attention: σ(QK)") == "DL-021-Self-attention-QK.md"
