"""Confidence leaves what it knows beforehand as far as a desk's own questions say so, and knows everyday talk."""

import numpy as np
import pytest

from csts.intents.everyday import everyday
from csts.intents.space import Space, space_of
from csts.intents.together import learn_together, nothing

pytestmark = pytest.mark.once

CHANCE = np.random.default_rng(3)
SPOKEN = {
    "en": ["How do I get my money back?", "What is the fee for this?", "Where can I see what I have paid for"],
    "de": ["Wie bekomme ich mein Geld zurück?", "Wo ist das Paket für mich?", "Was kostet eine neue Karte"],
    "es": ["¿Cómo puedo recuperar el dinero?", "¿Dónde está el paquete que pedí?", "Qué cuesta una tarjeta nueva"],
}


def space(texts: list[str]) -> Space:
    return space_of(texts, ("words", "pieces"))


@pytest.mark.parametrize("language", SPOKEN)
def test_everyday_talk_is_in_the_language_of_the_desk(language: str) -> None:
    first = {"en": "what will the weather", "de": "wie wird das wetter", "es": "qué tiempo hará"}
    assert everyday(space(SPOKEN[language]))[0].startswith(first[language])


def test_a_desk_of_another_language_has_no_everyday_talk() -> None:
    assert everyday(space(["Gdzie jest moje zamówienie?", "Nie mogę się zalogować"])) == []


def test_what_is_together_without_a_desk_leaves_the_odds_as_they_are() -> None:
    odds = CHANCE.normal(size=(20, 1))
    assert np.allclose(nothing(4)(odds, CHANCE.normal(size=(20, 4))), odds)


def test_few_questions_hardly_move_the_odds_and_many_do() -> None:
    """The truth is where two signals have the same sign, which neither of them tells by itself."""
    rows = CHANCE.normal(size=(20_000, 2))
    truth = (rows[:, 0] * rows[:, 1] > 0).astype(float)
    odds = np.zeros((20_000, 1))

    def right_and_far(known: int) -> tuple[float, float]:
        together = learn_together(odds[:known], rows[:known], truth[:known], np.ones(known))
        return float(((together(odds, rows)[:, 0] > 0) == truth).mean()), float(np.abs(together(odds, rows)).max())

    few, many = right_and_far(20), right_and_far(20_000)
    assert few[1] < 0.5
    assert many[0] > 0.95
    assert many[1] > 2


def test_an_outlier_says_no_more_than_what_is_far() -> None:
    rows = CHANCE.normal(size=(500, 2))
    together = learn_together(np.zeros((500, 1)), rows, (rows[:, 0] > 0).astype(float), np.ones(500))
    far, further = together(np.zeros((2, 1)), np.array([[10.0, 0.0], [1e9, 0.0]]))
    assert far == further
