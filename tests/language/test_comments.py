"""The comments of a spec, what only looks like one, and which line each is about."""

import pytest

from cnncalc.language.comments import comments_with_lines, first_lines, read_comments
from cnncalc.language.tree import read_tree

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
    # line and column of the sign, the text after it, the line that it is about
    (0, 0, " at the start", 1),
    (1, 14, " behind a value", 1),
    (5, 0, " below the block", 6),
    (6, 24, " behind quotes", 6),
    (11, 0, " below it", 12),
    (13, 23, " first # and more", 13),
    (14, 2, " indented", 15),
    (19, 7, " behind a tab", 19),
    (20, 0, "", 20),
]


def comments(text: str) -> list[tuple[int, int, str, int]]:
    found = comments_with_lines(read_tree(text))
    return [(comment.line, comment.words_column - 1, comment.words, line) for comment, line in found]


def test_comments_are_found_and_nothing_else() -> None:
    assert comments(TEXT) == EXPECTED


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["of Windows", "of old Macs"])
def test_other_line_ends_change_nothing(line_end: str) -> None:
    assert comments(TEXT.replace("\n", line_end)) == EXPECTED


def test_a_line_of_thousands_of_values_with_signs_in_them_has_the_comment_behind_them() -> None:
    values = ", ".join(["'a #b'"] * 5_000)
    text = f"layers: [{values}] # the end\n"
    assert comments(text) == [(0, len(text) - 10, " the end", 0)]


def test_a_text_without_comments_has_none() -> None:
    assert read_comments(read_tree("input: 3x8x8\nlayers: [relu]\n")) == []


# JSON writes one character as two escapes, which YAML does not know; there are 48 characters before the second #.
def test_the_escapes_of_json_are_passed_over() -> None:
    text = '{"name": "\\ud83d\\ude00 #1", "layers": ["relu"]} # the end'
    assert comments(text) == [(0, 48, " the end", 0)]


def test_marks_and_blank_lines_stand_between_words_as_comments_do() -> None:
    text = "--- # a\n\n# b\n\nlayers:\n-   # c\n  relu\n- {fc:\n # d\n 2}\n... # e\n"
    found = read_comments(read_tree(text))
    assert [(one.text, one.line, one.indent, one.is_above) for one in found] == [
        ("--- # a", 0, 0, True),
        ("", 1, 0, True),
        ("# b", 2, 0, True),
        ("", 3, 0, True),
        ("# c", 5, 0, True),  # it belongs to the dash
        ("# d", 8, 1, True),
        ("... # e", 10, 0, True),
    ]
    # A comment after a mark or a dash is about its own line.
    assert [line for *_, line in comments(text)] == [0, 4, 5, 9, 10]


def test_a_mapping_in_braces_is_about_its_first_line() -> None:
    text = "layers:\n- {fc:\n   2}\n- branches: [[{a: {b: 1,\n  c: 2}, d:\n 3}]]\n- [x,\n y]\n"
    assert first_lines(read_tree(text)) == {2: 1, 4: 3, 5: 3}
    assert first_lines(read_tree("{layers: [\n{fc: 1}, {fc:\n2}]}")) == {2: 1}
