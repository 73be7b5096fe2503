"""The pages of flashcards, with and without a script, and the API."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.domain.cards import State
from quizzes.domain.fsrs import Rating
from quizzes.domain.generators import GENERATORS
from quizzes.flashcards.generated import question_of
from quizzes.flashcards.models import Card, CardEvent, CardText, FlashcardSettings, LearnerCard
from quizzes.flashcards.own_cards import reword_card, write_card
from quizzes.flashcards.services import Answer, answer_card, set_flag, suspend
from tests.factories import learned, make_card, make_concept, make_exercise, make_topic

REVIEW = "/flashcards/review/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGES = ["", "review/", "browse/", "statistics/", "settings/", "new/", "model/", "cram/", "interview/", "target/"]


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def form_of(page: str, rating: str = "good") -> dict[str, str]:
    return {name: field(page, name) for name in ("card", "version", "promise", "key")} | {"rating": rating}


def page_of(client, url: str = REVIEW) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_works_with_cards_and_without(as_alice, alice, path):
    assert as_alice.get(f"/flashcards/{path}").status_code == 200
    card = make_card(make_concept())
    as_alice.post(REVIEW, form_of(page_of(as_alice), "easy"))
    make_card(make_concept())
    assert as_alice.get(f"/flashcards/{path}").status_code == 200
    assert learned(alice, card).reps == 1


@pytest.mark.parametrize("path", [*PAGES, "undo/", "cards/1/suspend/", "1/edit/", "browse/change/", "preview/"])
def test_signed_out_visitors_sign_in_first(client, path):
    method = client.post if path in {"undo/", "cards/1/suspend/", "browse/change/", "preview/"} else client.get
    assert method(f"/flashcards/{path}").url.startswith("/accounts/login/")


def test_a_card_is_shown_rated_and_followed_by_the_next(as_alice):
    make_card()
    make_card()
    page = page_of(as_alice)
    assert page.index("<p>Front ") < page.index("<p>Back ")
    assert "10 min" in page
    after = as_alice.post(REVIEW, form_of(page), follow=True).content.decode()
    assert field(after, "card") != field(page, "card")
    assert CardEvent.objects.count() == 1


def test_a_script_gets_the_card_after_the_one_it_shows(as_alice):
    cards = [make_card() for _ in range(3)]
    page = page_of(as_alice)
    first, second = re.findall(r'data-card="(\d+)"', page)
    response = as_alice.post(REVIEW, form_of(page) | {"showing": second}, headers=HTMX)
    ahead = response.content.decode()
    assert "<html" not in ahead
    assert re.findall(r'data-card="(\d+)"', ahead) not in ([first], [second])
    assert 'id="counts"' in ahead
    assert len(cards) == 3


def test_the_same_form_sent_twice_counts_once(as_alice):
    make_card()
    form = form_of(page_of(as_alice))
    for _ in range(2):
        as_alice.post(REVIEW, form)
    assert CardEvent.objects.count() == 1


def test_a_second_tab_gets_the_current_card_and_a_calm_word(as_alice):
    make_card()
    make_card()
    first, second = page_of(as_alice), page_of(as_alice)
    as_alice.post(REVIEW, form_of(first))
    page = as_alice.post(REVIEW, form_of(second, "easy"), follow=True).content.decode()
    assert "answered in another window" in page
    assert field(page, "card") != field(first, "card")
    assert CardEvent.objects.count() == 1


@pytest.mark.parametrize(
    "broken", [{"rating": "great"}, {"key": "x"}, {"version": "-1"}, {"card": "²"}, {"rating": "\x00"}, {}]
)
def test_a_rating_that_cannot_be_read_is_told_and_records_nothing(as_alice, broken):
    make_card()
    form = form_of(page_of(as_alice)) | broken if broken else {}
    page = as_alice.post(REVIEW, form, follow=True).content.decode()
    assert "nothing was recorded" in page
    assert not CardEvent.objects.exists()


def test_undo_shows_the_card_again(as_alice, alice):
    make_card()
    make_card()
    page = page_of(as_alice)
    as_alice.post(REVIEW, form_of(page))
    again = as_alice.post("/flashcards/undo/", follow=True).content.decode()
    assert field(again, "card") == field(page, "card")
    assert "nothing to take back" in as_alice.post("/flashcards/undo/", follow=True).content.decode()
    assert not LearnerCard.objects.filter(reps__gt=0).exists()


@pytest.mark.parametrize(
    ("action", "changed"),
    [("suspend", {"suspended": True}), ("flag", {"flag": 1}), ("reset", {"state": "new"}), ("unsuspend", {})],
)
def test_a_card_is_suspended_flagged_reset(as_alice, alice, action, changed):
    card = learned(alice, make_card())
    assert as_alice.post(f"/flashcards/cards/{card.pk}/{action}/").status_code == 302
    assert LearnerCard.objects.filter(pk=card.pk, **changed).exists()
    assert as_alice.get(f"/flashcards/cards/{card.pk}/{action}/").status_code == 405
    assert as_alice.post(f"/flashcards/cards/{card.pk}/explode/").status_code == 404


def test_a_generated_card_is_typed_checked_and_rated(as_alice, alice):
    card = learned(alice, make_card(kind="generated", content={"generator": "perplexity"}))
    question, drawn = question_of(card)
    page = page_of(as_alice)
    assert "Show the answer" not in page
    assert "no number" in page_of(as_alice, f"{REVIEW}?card={card.pk}&typed=abc") or "number" in page
    wrong = page_of(as_alice, f"{REVIEW}?card={card.pk}&typed={question.wrong_example(drawn)}")
    assert 'value="again"' in wrong
    assert 'value="good"' not in wrong
    right = page_of(as_alice, f"{REVIEW}?card={card.pk}&typed={question.expected(drawn)}")
    as_alice.post(REVIEW, form_of(right) | {"typed": field(right, "typed")})
    assert learned(alice, card.card).state == State.LEARNING
    assert CardEvent.objects.get().rating == 3


def test_who_does_not_know_a_number_says_so_sees_it_and_rates_again(as_alice, alice):
    item = learned(alice, make_card(kind="generated", content={"generator": "bayes-base-rate"}))
    assert "I don't know" in html.unescape(page_of(as_alice))
    shown = page_of(as_alice, f"{REVIEW}?card={item.pk}&typed=&spent=4000&give_up=on")
    assert "not known" in shown
    assert re.findall(r'name="rating" value="(\w+)"', shown) == ["again"]
    assert field(shown, "milliseconds") == "4000"
    as_alice.post(REVIEW, form_of(shown, "good"))
    assert CardEvent.objects.get().rating == Rating.AGAIN


def test_a_card_shows_where_it_stands_and_its_log(as_alice, as_bob, alice):
    item = learned(alice, make_card(make_concept()))
    as_alice.post(REVIEW, form_of(page_of(as_alice), "easy") | {"milliseconds": "4200"})
    as_alice.post("/flashcards/undo/")
    as_alice.post(REVIEW, form_of(page_of(as_alice)))
    page = page_of(as_alice, f"/flashcards/{item.pk}/")
    log = page[page.index('id="log"') :]
    words = ["Answered: Good", "Undone", "Answered: Easy", "(undone)", "4.2"]
    assert sorted(words, key=log.index) == words
    assert "2.3 days" in page
    assert as_bob.get(f"/flashcards/{item.pk}/").status_code == 404
    here = f"/flashcards/{item.pk}/"
    assert as_alice.post(f"/flashcards/cards/{item.pk}/reset/", {"next": here}).url == here
    sent = {"action": "set_due", "cards": item.pk, "due_on": "2027-01-05", "confirmed": "on", "next": here}
    assert as_alice.post("/flashcards/browse/change/", sent).url == here
    assert "5 January 2027" in page_of(as_alice, here)


def test_two_buttons_are_enough_where_the_learner_says_so(as_alice, alice):
    FlashcardSettings.objects.create(learner=alice, two_buttons=True)
    make_card()
    page = page_of(as_alice)
    assert re.findall(r'name="rating" value="(\w+)"', page) == ["again", "good"]


def test_a_leech_is_told_with_what_helps(as_alice, alice):
    firm, basis, concept = (make_concept(name=name) for name in ("A firm basis", "The basis", "The concept"))
    concept.prerequisites.add(firm, basis)
    for foundation, stability in ((firm, 50.0), (basis, 0.5)):
        known = learned(alice, make_card(foundation))
        yesterday = alice.day_of(timezone.now()) - timedelta(days=1)
        LearnerCard.objects.filter(pk=known.pk).update(
            state=State.REVIEW, stability=stability, difficulty=5.0, last_on=yesterday, due_on="2099-01-01"
        )
    make_exercise(make_topic(7)).concepts.add(concept)
    card = learned(alice, make_card(concept))
    today = alice.day_of(timezone.now())
    LearnerCard.objects.filter(pk=card.pk).update(
        state=State.REVIEW, stability=2.0, difficulty=9.0, due_on=today, last_on=today - timedelta(days=2), lapses=7
    )
    page = as_alice.post(REVIEW, form_of(page_of(as_alice), "again"), follow=True).content.decode()
    assert "does not stick" in page
    assert page.index("The basis") < page.index("A firm basis")
    assert "Then write it" in page
    assert "/exercises/topic-7/double/" in page
    assert "does not stick" not in page_of(as_alice)


def test_settings_are_saved_and_bad_ones_named(as_alice, alice):
    good = {
        "desired_retention": "0.85", "new_per_day": "5", "reviews_per_day": "50", "learning_steps": "10m 1d",
        "relearning_steps": "", "maximum_interval": "365", "new_order": "priority", "review_order": "random",
        "two_buttons": "on", **{f"day_{day}": "1.0" for day in range(6)}, "day_6": "0.0",
    }  # fmt: skip
    assert as_alice.post("/flashcards/settings/", good).status_code == 302
    saved = FlashcardSettings.objects.get(learner=alice)
    assert (saved.desired_retention, saved.learning_steps, saved.relearning_steps) == (0.85, [10, 1440], [])
    assert saved.easiness == [1, 1, 1, 1, 1, 1, 0]
    for field_name, value, words in [
        ("desired_retention", "0.99", "0.97"),
        ("learning_steps", "soon", "is no step"),
        ("maximum_interval", "0", "greater than or equal to 1"),
        ("new_per_day", "x", "whole number"),
    ]:
        refused = as_alice.post("/flashcards/settings/", good | {field_name: value})
        assert refused.status_code == 422
        assert words in refused.content.decode()


def test_a_learner_writes_and_rewrites_cards(as_alice, alice):
    concept = make_concept("TEST-777")
    sent = {"front": "What is $x$?", "back": "A **name**", "concept": "test-777", "tags": "algebra, names"}
    assert as_alice.post("/flashcards/new/", sent).status_code == 302
    card = Card.objects.get(owner=alice)
    assert (card.concept, card.tags) == (concept, ["algebra", "names"])
    assert "katex" in card.front_html
    rewritten = {**sent, "front": "{{c1::One}} and {{c2::two}}", "back": "", "memory": "keep"}
    assert as_alice.post(f"/flashcards/{learned(alice, card).pk}/edit/", rewritten).status_code == 302
    assert Card.objects.filter(owner=alice, retired=False).count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"front": ""}, "This field is required"),
        ({"front": "Only a front"}, "Write the back"),
        ({"front": "{{c1::open", "back": "x"}, "is not closed"),
        ({"front": "a", "back": "b", "concept": "NOPE"}, "There is no concept NOPE"),
        ({"front": "a\x00", "back": "b"}, "Null characters"),
    ],
)
def test_a_card_that_is_none_is_refused_with_a_word_on_how_to_mend_it(as_alice, sent, words):
    refused = as_alice.post("/flashcards/new/", sent)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not Card.objects.exists()


def test_a_library_card_in_ones_own_words_leaves_the_librarys_text(as_alice, alice, bob):
    card = make_card()
    pk = learned(alice, card).pk
    as_alice.post(f"/flashcards/{pk}/edit/", {"front": "Mine?", "back": "<script>alert(1)</script>", "memory": "keep"})
    page = page_of(as_alice)
    assert "Mine?" in page
    assert "<script>alert" not in page
    assert "Front" in page_of(as_alice, f"/flashcards/{pk}/edit/")
    as_alice.post(f"/flashcards/{pk}/edit/", {"library": "on"})
    assert not CardText.objects.exists()
    assert "Mine?" not in page_of(as_alice)


def test_the_preview_shows_every_blank_as_a_card(as_alice):
    shown = as_alice.post("/flashcards/preview/", {"front": "{{c1::a}} {{c2::b}}", "back": ""}, headers=HTMX)
    assert shown.content.decode().count("small-flash") == 2
    assert "not closed" in as_alice.post("/flashcards/preview/", {"front": "{{c1::a"}, headers=HTMX).content.decode()


def test_cards_are_found_by_the_search_language(as_alice, alice):
    early, late = make_concept(week=1), make_concept(week=5)
    make_card(early, content={"front": "Alpha", "back": "b"}, tags=["loss"])
    make_card(late, content={"front": "Omega", "back": "b"})
    for search, found, missing in [
        ("week:1", "Alpha", "Omega"),
        ("week:>1", "Omega", "Alpha"),
        ("tag:loss", "Alpha", "Omega"),
        ("-tag:loss", "Omega", "Alpha"),
        ("tag:lo*", "Alpha", "Omega"),
        ("-tag:lo", "Omega", "Nobody"),
        (f"concept:{late.code}", "Omega", "Alpha"),
        ("omega or week:9", "Omega", "Alpha"),
    ]:
        page = as_alice.get("/flashcards/browse/", {"q": search}).content.decode()
        assert found in page, search
        assert missing not in page, search
    refused = as_alice.get("/flashcards/browse/", {"q": "is:blue"})
    assert refused.status_code == 422
    assert "is none of is:new" in refused.content.decode()


def test_words_are_searched_in_what_was_written_and_not_in_the_markup(as_alice, alice):
    card = make_card(content={"front": "$\\sigma$", "back": "b"}, front_html='<p class="katex"><span>σ</span></p>')
    make_card(kind="generated", content={"generator": "bayes-base-rate"})
    for search, found in [("katex", 0), ("sigma", 1), ("-span", 2), (GENERATORS["bayes-base-rate"].title, 1)]:
        page = as_alice.get("/flashcards/browse/", {"q": f'"{search}"' if found == 1 else search}).content.decode()
        assert page.count('name="cards"') == found, search
    reword_card(learner=alice, card=card, front="In my own words", back="b")
    assert 'name="cards"' in as_alice.get("/flashcards/browse/", {"q": "words"}).content.decode()


def test_library_cards_take_tags_of_ones_own_one_by_one_and_many_at_once(as_alice, as_bob, alice, bob):
    card, other = make_card(), make_card()
    item = learned(alice, card)
    sent = {
        "front": card.content["front"],
        "back": card.content["back"] + "\r\n",
        "tags": "größe, later",
        "memory": "keep",
    }
    browse = "/flashcards/browse/?q=tag%3Agr%C3%B6%C3%9Fe"
    assert as_alice.post(f"/flashcards/{item.pk}/edit/", sent | {"next": browse}).url == browse
    assert not CardText.objects.exists()
    assert page_of(as_alice, browse).count('name="cards"') == 1
    assert 'name="cards"' not in page_of(as_bob, browse)
    change = {"action": "tag", "tags": "hard", "all_found": "on", "confirmed": "on", "next": browse}
    as_alice.post("/flashcards/browse/change/", change | {"action": "untag", "tags": ""})
    as_alice.post("/flashcards/browse/change/", change)
    assert [learned(alice, one).tags for one in (card, other)] == [["größe", "hard", "later"], ["hard"]]
    as_alice.post("/flashcards/undo/", {"next": browse})
    assert [learned(alice, one).tags for one in (card, other)] == [["größe", "later"], []]
    assert learned(bob, card).tags == []


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/accounts/logout/", "javascript:alert(1)"]
)
def test_a_form_leads_back_to_pages_of_flashcards_only(as_alice, alice, elsewhere):
    item = learned(alice, make_card())
    sent = {"front": "a", "back": "b", "next": elsewhere}
    assert as_alice.post(f"/flashcards/{item.pk}/edit/", sent).url == f"{REVIEW}?card={item.pk}"


def test_undo_under_browse_stays_there_and_says_what_it_did(as_alice, alice):
    item = learned(alice, make_card())
    suspend(learner=alice, cards=[item], suspended=True, now=timezone.now())
    page = html.unescape(page_of(as_alice, "/flashcards/browse/?order=lapses"))
    assert f"/flashcards/{item.pk}/?next=%2Fflashcards%2Fbrowse%2F%3Forder%3Dlapses" in page
    back = as_alice.post("/flashcards/undo/", {"next": field(page, "next")}, follow=True)
    assert back.redirect_chain[-1][0] == "/flashcards/browse/?order=lapses"
    assert "Taken back for 1 card." in back.content.decode()


def test_undo_of_burying_shows_the_card_that_was_buried(as_alice, alice):
    cards = [learned(alice, make_card(siblings="two-ways")) for _ in range(3)]
    as_alice.post(f"/flashcards/cards/{cards[1].pk}/bury/")
    assert as_alice.post("/flashcards/undo/").url == f"{REVIEW}?card={cards[1].pk}"


@pytest.mark.parametrize("path", ["cards/{}/suspend/", "browse/change/", "undo/"])
def test_a_change_that_comes_too_late_is_told(as_alice, alice, path, monkeypatch):
    item = learned(alice, make_card())
    set_flag(learner=alice, cards=[item], flag=1, now=timezone.now())
    monkeypatch.setattr("quizzes.flashcards.changes.store_card", lambda card, changed: False)
    sent = {"action": "bury", "cards": [item.pk], "confirmed": "on"}
    page = as_alice.post(f"/flashcards/{path.format(item.pk)}", sent, follow=True).content.decode()
    assert "changed in another window" in page
    assert not LearnerCard.objects.filter(suspended=True).exists()


@pytest.mark.parametrize("term", ["is:new", "is:due", "is:suspended", "is:buried", "is:flagged", "is:own", "is:leech",
    "is:learning", "is:review", "lapses:>3", "rated:7", "rated:7:again",
    "kind:fact", "section:math", "word",
    "recall:<80", "recall:90", "-recall:>=0",
    "stability:<=2.5", "due:<=3", "due:999999", "difficulty:>1", "reps:0", "interval:1", "flag:0"])  # fmt: skip
def test_every_term_works(as_alice, term):
    make_card(make_concept())
    assert as_alice.get("/flashcards/browse/", {"q": term}).status_code == 200


def test_maths_stands_in_the_table_as_it_is_shown_on_the_card(as_alice, alice):
    make_card(content={"front": "$\\sigma$", "back": "b"}, front_html='<p><span class="katex">σ</span></p>')
    make_card(
        content={"front": "A [link](https://example.org)", "back": "b"}, front_html='<p>A <a href="#">link</a></p>'
    )
    page = as_alice.get("/flashcards/browse/").content.decode()
    assert '<span class="katex">σ</span>' in page
    assert "A [link](https://example.org)" in page


def faded_cards(alice) -> None:
    """Three cards, seen 0, 10 and 100 days ago with a stability of 10 days, and one never seen."""
    today = alice.day_of(timezone.now())
    for name, days in (("Fresh", 0), ("Fading", 10), ("Faint", 100)):
        card = learned(alice, make_card(content={"front": name, "back": "b"}))
        LearnerCard.objects.filter(pk=card.pk).update(
            state=State.REVIEW, stability=10.0, difficulty=5.0, last_on=today - timedelta(days=days), due_on=today
        )
    make_card(content={"front": "Unseen", "back": "b"})


@pytest.mark.parametrize(
    ("search", "found"),
    [("recall:<95", {"Fading", "Faint"}), ("recall:>=90", {"Fresh", "Fading"}), ("recall:90", {"Fading"}),
     ("recall:<=100", {"Fresh", "Fading", "Faint"}), ("-recall:<95", {"Fresh", "Unseen"})],
)  # fmt: skip
def test_cards_are_found_by_recall_now(as_alice, alice, search, found):
    faded_cards(alice)
    page = as_alice.get("/flashcards/browse/", {"q": search}).content.decode()
    assert {name for name in ("Fresh", "Fading", "Faint", "Unseen") if f">{name}</p>" in page} == found
    assert "90 %" in page or "Fading" not in found


@pytest.mark.parametrize(
    ("order", "sort", "first", "last"),
    [("recall", "ascending", "Faint", "Unseen"), ("-recall", "descending", "Fresh", "Unseen")],
)
def test_a_heading_sorts_by_its_column_and_the_next_press_turns_it_round(as_alice, alice, order, sort, first, last):
    faded_cards(alice)
    page = as_alice.get("/flashcards/browse/", {"order": order}).content.decode()
    names = re.findall(r">(Fresh|Fading|Faint|Unseen)</p>", page)
    assert (names[0], names[-1]) == (first, last)
    assert f'aria-sort="{sort}"' in page
    assert ('href="?order=-recall"' in page) == (order == "recall")


@pytest.mark.parametrize("name", ["position", "concept", "state", "due", "stability", "difficulty", "lapses"])
def test_every_order_works_both_ways(as_alice, alice, name):
    faded_cards(alice)
    for order in (name, f"-{name}"):
        assert as_alice.get("/flashcards/browse/", {"order": order}).status_code == 200


def test_many_cards_are_changed_after_their_count_was_told(as_alice, alice):
    cards = [learned(alice, make_card()) for _ in range(3)]
    sent = {"action": "suspend", "cards": [card.pk for card in cards[:2]]}
    told = as_alice.post("/flashcards/browse/change/", sent).content.decode()
    assert "2 cards" in told
    assert not LearnerCard.objects.filter(suspended=True).exists()
    as_alice.post("/flashcards/browse/change/", sent | {"confirmed": "on"})
    assert LearnerCard.objects.filter(suspended=True).count() == 2
    as_alice.post("/flashcards/undo/")
    assert not LearnerCard.objects.filter(suspended=True).exists()
    as_alice.post("/flashcards/browse/change/", {"action": "set_due", "all_found": "on", "confirmed": "on"})
    assert not LearnerCard.objects.filter(state=State.REVIEW).exists()
    as_alice.post(
        "/flashcards/browse/change/",
        {"action": "set_due", "due_on": "2027-01-05", "all_found": "on", "confirmed": "on"},
    )
    assert LearnerCard.objects.filter(state=State.REVIEW).count() == 3


def begin(client, **sent) -> str:
    return client.post("/flashcards/cram/", sent, follow=True).content.decode()


def test_a_session_of_ones_own_shows_cards_again_until_known_and_leaves_the_schedule(as_alice, alice):
    cards = [make_card(make_concept(week=2)) for _ in range(2)]
    make_card(make_concept(week=3))
    page = begin(as_alice, q="week:2")
    assert "2 left of 2" in page
    page = as_alice.post("/flashcards/cram/", form_of(page, "again"), follow=True).content.decode()
    assert "2 left of 2" in page
    for left in ("1 left of 2", "Which cards"):
        page = as_alice.post("/flashcards/cram/", form_of(page, "good"), follow=True).content.decode()
        assert left in page
    assert not CardEvent.objects.exists()
    assert learned(alice, cards[0]).state == State.NEW


def test_a_session_of_ones_own_counts_where_that_is_asked(as_alice, alice):
    make_card()
    page = begin(as_alice, q="is:new", counts="on")
    form = form_of(page, "easy")
    for _ in range(2):
        as_alice.post("/flashcards/cram/", form)
    assert CardEvent.objects.get().rating == 4


def test_a_session_by_section_or_of_what_is_due_soon(as_alice, alice):
    soon, late = (learned(alice, make_card(make_concept(week=2))) for _ in range(2))
    today = alice.day_of(timezone.now())
    for card, days in ((soon, 2), (late, 9)):
        LearnerCard.objects.filter(pk=card.pk).update(state=State.REVIEW, due_on=today + timedelta(days=days))
    page = page_of(as_alice, "/flashcards/cram/")
    for choice in ("section:math", "week:2", "due:&gt;0 due:&lt;=3"):
        assert f'name="q" value="{choice}"' in page
    assert "2 left of 2" in begin(as_alice, q="section:math")
    begin(as_alice, stop="on")
    page = begin(as_alice, q="due:>0 due:<=3")
    assert "1 left of 1" in page
    assert field(page, "card") == str(soon.pk)


@pytest.mark.parametrize(
    ("search", "words"), [("is:blue", "is none of"), ("week:99", "No card is found"), ("\x00", "left")]
)
def test_a_session_of_nothing_is_told(as_alice, search, words):
    make_card()
    assert words in begin(as_alice, q=search)


def test_a_session_passes_over_cards_that_are_gone(as_alice, alice):
    cards = [learned(alice, make_card(learner=alice)) for _ in range(3)]
    begin(as_alice, q="is:own")
    order = as_alice.session["cram"]["cards"]
    Card.objects.filter(of_learners=order[0]).delete()
    suspend(learner=alice, cards=[card for card in cards if card.pk == order[1]], suspended=True, now=timezone.now())
    page = page_of(as_alice, "/flashcards/cram/")
    assert field(page, "card") == str(order[2])
    assert "1 left of 3" in page
    done = as_alice.post("/flashcards/cram/", form_of(page), follow=True).content.decode()
    assert "Which cards" in done


def test_a_session_is_ended_at_any_time(as_alice):
    make_card()
    begin(as_alice, q="is:new")
    assert "Which cards" in begin(as_alice, stop="on")


def test_cards_of_others_cannot_be_reached(as_bob, alice):
    card = learned(alice, make_card(learner=alice))
    form = {"card": card.pk, "rating": "good", "key": "12345678"}
    assert as_bob.post(REVIEW, form).status_code == 404
    assert as_bob.get(f"/flashcards/{card.pk}/edit/").status_code == 404
    assert as_bob.post(f"/flashcards/cards/{card.pk}/suspend/").status_code == 404
    as_bob.post("/flashcards/browse/change/", {"action": "suspend", "cards": [card.pk], "confirmed": "on"})
    assert not LearnerCard.objects.filter(suspended=True).exists()
    assert "Front" not in page_of(as_bob, f"{REVIEW}?card={card.pk}")
    url = f"/api/v1/flashcards/{card.pk}/reviews/"
    sent = {"rating": "good", "idempotency_key": "12345678"}
    assert as_bob.post(url, sent, content_type="application/json").status_code == 404


def test_the_api_gives_due_cards_takes_ratings_and_takes_them_back(as_alice, alice):
    for _ in range(3):
        make_card(make_concept())
    due = as_alice.get("/api/v1/flashcards/due/").json()
    assert due["count"] == 3
    card = due["results"][0]
    assert card["waits"]["good"] == "10 min"
    url = f"/api/v1/flashcards/{card['id']}/reviews/"
    sent = {
        "rating": "easy",
        "idempotency_key": "a-key-of-mine",
        "version": card["version"],
        "promise": card["promise"],
    }
    first = as_alice.post(url, sent, content_type="application/json")
    assert first.status_code == 200
    assert set(first.json()) >= {"due", "state", "stability", "difficulty"}
    assert as_alice.post(url, sent, content_type="application/json").json() == first.json()
    stale = as_alice.post(url, sent | {"idempotency_key": "another-key"}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_card")
    assert as_alice.post("/api/v1/flashcards/undo/").json()["state"] == "new"
    nothing = as_alice.post("/api/v1/flashcards/undo/")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_undo")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"rating": "great", "idempotency_key": "12345678"},
        {"rating": "good"},
        {"rating": "good", "idempotency_key": "\x00" * 9},
    ],
)
def test_the_api_refuses_what_is_no_rating(as_alice, alice, sent):
    card = learned(alice, make_card())
    url = f"/api/v1/flashcards/{card.pk}/reviews/"
    assert as_alice.post(url, sent, content_type="application/json").status_code == 400


@pytest.mark.parametrize("cards", [2, 12])
@pytest.mark.parametrize(("path", "queries"), [("review/", 30), ("", 20), ("browse/", 12), ("statistics/", 18)])
def test_pages_need_as_many_queries_however_many_cards(as_alice, cards, path, queries, django_assert_max_num_queries):
    for _ in range(cards):
        make_card(make_concept())
    with django_assert_max_num_queries(queries):
        as_alice.get(f"/flashcards/{path}")


def test_statistics_tell_what_was_done_by_day_hour_and_button(as_alice, alice):
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    cards = [learned(alice, make_card(make_concept())) for _ in range(3)]
    noon = timezone.now().replace(hour=3, minute=0)
    for card, rating in zip(cards, (Rating.AGAIN, Rating.GOOD, Rating.EASY), strict=True):
        answer = Answer(rating=rating, key=f"statistics-{card.pk}", milliseconds=30_000)
        answer_card(learner=alice, card=card, answer=answer, now=noon - timedelta(days=2))
    page = as_alice.get("/flashcards/statistics/").content.decode()
    assert "3 answers on 1 of 30 days" in page
    assert "12:00: 3 answers" in page
    assert "Again: 1 answers" in page
    assert re.search(r'class="level-4"[^>]*><title>[^<]*: 3 answers', page)
    assert "Nothing yet." in page[page.index("Recall by the hour") :]
    easy = LearnerCard.objects.of(alice).get(state=State.REVIEW)
    answer_card(learner=alice, card=easy, answer=Answer(Rating.HARD, "statistics-due"), now=timezone.now())
    page = as_alice.get("/flashcards/statistics/").content.decode()
    row = page[page.index('<th scope="row">all</th>') :].split("</tr>")[0]
    assert re.findall(r">(\d+(?: %)?)<", row) == ["1", "100 %"]
    assert "Nothing yet." not in page[page.index("Recall by the hour") :]


@pytest.mark.parametrize("is_own", [True, False])
def test_a_card_that_another_page_has_changed_is_not_overwritten(is_own, as_alice, alice):
    card = learned(alice, write_card(learner=alice, front="Front", back="")[0] if is_own else make_card())
    url = f"/flashcards/{card.pk}/edit/"
    page = as_alice.get(url).content.decode()
    before = page.partition('name="before" value="')[2].partition('"')[0]
    sent = {"back": "Back", "memory": "keep", "before": before}
    assert as_alice.post(url, {**sent, "front": "By the first page"}).status_code == 302
    refused = as_alice.post(url, {**sent, "front": "By the second page"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "By the first page" in page
    assert "By the second page</textarea>" in page
    assert "By the first page" in as_alice.get(url).content.decode()
    before = page.partition('name="before" value="')[2].partition('"')[0]
    assert as_alice.post(url, {**sent, "front": "By both", "before": before}).status_code == 302
