"""The comments of a spec, and what only looks like one."""

import pytest

from cnncalc.language.comments import Comment, read_comments

TEXT = """\
# at the start
input: 3x8x8  # behind a value
notes: |
  # in a block of text
  also # in it
# below the block
name: 'a # in quotes'   # behind quotes
source: >-
  folded #text

  # of two paragraphs
# below it
layers:
- {conv: 8, kernel: 3} # first # and more
  # indented
- "two
  # lines
  in quotes"
- relu#no
- relu\t# behind a tab
#
"""

EXPECTED = [
    Comment(0, 0, " at the start", True),
    Comment(1, 14, " behind a value", False),
    Comment(5, 0, " below the block", True),
    Comment(6, 24, " behind quotes", False),
    Comment(11, 0, " below it", True),
    Comment(13, 23, " first # and more", False),
    Comment(14, 2, " indented", True),
    Comment(19, 7, " behind a tab", False),
    Comment(20, 0, "", True),
]


def test_comments_are_found_and_nothing_else() -> None:
    assert list(read_comments(TEXT)) == EXPECTED


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["of Windows", "of old Macs"])
def test_other_line_ends_change_nothing(line_end: str) -> None:
    assert list(read_comments(TEXT.replace("\n", line_end))) == EXPECTED


def test_a_line_of_thousands_of_values_with_signs_in_them_has_the_comment_behind_them() -> None:
    values = ", ".join(["'a #b'"] * 50_000)
    text = f"layers: [{values}] # the end\n"
    assert list(read_comments(text)) == [Comment(0, len(text) - 10, " the end", False)]


def test_a_text_without_comments_has_none() -> None:
    assert list(read_comments("input: 3x8x8\nlayers: [relu]\n")) == []


# JSON writes one character as two escapes, which YAML does not know; 48 characters stand before the second #.
def test_the_escapes_of_json_are_passed_over() -> None:
    text = '{"name": "\\ud83d\\ude00 #1", "layers": ["relu"]} # the end'
    assert list(read_comments(text)) == [Comment(0, 48, " the end", False)]
