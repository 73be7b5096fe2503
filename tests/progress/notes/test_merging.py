"""What becomes of a text that two pages write at once."""

from hypothesis import given
from hypothesis import strategies as st

from progress.domain.merging import digest, settle

texts = st.text(max_size=5)


@given(stored=texts, given_text=texts, base=texts, same_page=st.booleans())
def test_what_was_typed_is_stored_or_kept_aside_and_nothing_stored_is_overwritten_unseen(
    stored, given_text, base, same_page
):
    settled = settle(stored, given_text, base=digest(base), same_page=same_page)
    was_typed = given_text != base
    if was_typed or same_page:
        assert given_text in {settled.text, settled.kept_aside}
    was_seen = same_page or base == stored
    if not was_seen:
        assert settled.text == stored
    assert settled.in_conflict == (given_text not in {settled.text, base})


def test_an_untouched_page_takes_nothing_back():
    assert settle("new", "old", base=digest("old"), same_page=False).text == "new"


def test_a_page_may_go_back_to_what_it_began_with():
    assert settle("typed", "", base=digest(""), same_page=True).text == ""


@given(st.text())
def test_any_text_has_a_digest(text):
    assert len(digest(text)) == 16
