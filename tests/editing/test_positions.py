"""Places between a text and a client: UTF-16 units, and lines that only YAML ends."""

import pytest

from cnncalc.editing.places import TextPlace
from cnncalc.editing.positions import ClientPositions

SMILE = "\U0001f642"


@pytest.mark.parametrize(
    ("encoding", "character"),
    [("utf-8", 2 + 4 + 2 + 1), ("utf-16", 1 + 2 + 1 + 1), ("utf-32", 1 + 1 + 1 + 1)],
)
def test_columns_are_units_of_the_encoding(encoding: str, character: int) -> None:
    positions = ClientPositions(f"input: 1\né{SMILE}é: x\n", encoding)
    assert positions.to_client(TextPlace(1, 4)) == (1, character)
    assert positions.from_client(1, character) == TextPlace(1, 4)


def test_half_of_a_pair_is_before_it() -> None:
    assert ClientPositions(f"{SMILE}x").from_client(0, 1) == TextPlace(0, 0)


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_what_ends_a_line_of_yaml_only_is_a_sign_for_the_client(sign: str) -> None:
    positions = ClientPositions(f"a{sign}b: c\r\nd\re\n")
    assert positions.to_client(TextPlace(1, 3)) == (0, 5)
    assert positions.from_client(0, 5) == TextPlace(1, 3)
    assert [positions.to_client(TextPlace(line, 0)) for line in (2, 3, 4)] == [(1, 0), (2, 0), (3, 0)]
    assert [positions.end_of_line(line) for line in (0, 1, 2)] == [(0, 1), (0, 6), (1, 1)]


def test_places_after_the_end_are_the_end() -> None:
    positions = ClientPositions("ab\ncd")
    assert positions.to_client(TextPlace(9, 9)) == (1, 2)
    assert positions.end_of_line(9) == (1, 2)
    assert positions.from_client(9, 9) == TextPlace(1, 2)
    assert positions.from_client(0, 99) == TextPlace(0, 2)
