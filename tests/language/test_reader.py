"""Reading YAML: the text of every scalar as it is written, with its place, and nothing of YAML's surprises."""

from typing import Any

import pytest
import yaml
from yaml.scanner import ScannerError

import cnncalc
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems
from cnncalc.language.reader import read_nodes

Plain = str | list["Plain"] | dict[str, "Plain"]


def read(text: str) -> Node:
    """The root of a text in which nothing is wrong."""
    problems = Problems("net.yaml", text)
    root = read_nodes(text, problems)
    assert problems.found == ()
    assert root is not None
    return root


def plain(node: Node) -> Plain:
    """Nodes as strings, lists and dicts."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {word: plain(value) for word, value in node.values.items()}


def places(node: Node) -> list[tuple[str, int, int]]:
    """(text, line, column) of every scalar, keys included, lines and columns from 1."""
    if isinstance(node, ScalarNode):
        return [(node.text, node.line + 1, node.column + 1)]
    if isinstance(node, ListNode):
        return [place for item in node.items for place in places(item)]
    return [place for word, value in node.values.items() for place in (*places(node.keys[word]), *places(value))]


def problems_of(text: str) -> list[str]:
    """What is wrong in a text when it is read, without the file's name."""
    problems = Problems("net.yaml", text)
    read_nodes(text, problems)
    return [f"{p.line}:{p.column}: {p.message}" for p in problems.error().problems]


@pytest.mark.parametrize(
    "scalar",
    [
        "010", "0x1F", "0b11", "0o17", "1:30", "190:20:30", "1_000", "+12", "-12", "1e3", ".5", "5.", ".inf", "-.INF",
        "yes", "no", "on", "off", "y", "n", "True", "TRUE", "false", "null", "Null", "NULL", "~", "2002-04-28",
        "2001-12-14t21:59:43.10-05:00", "3x3", "1.0", "12e03", "<<", "=", ".NaN",
    ],
)  # fmt: skip
def test_a_scalar_keeps_its_text(scalar: str) -> None:
    assert plain(read(f"{scalar}: [{scalar}, {{a: {scalar}}}]\n")) == {scalar: [scalar, {"a": scalar}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 'it''s'", {"a": "it's"}),
        ('a: "tab\\there"', {"a": "tab\there"}),
        ('a: "\\u00e9"', {"a": "é"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("a: one\n  two\n", {"a": "one two"}),
        ("a:\nb: ''", {"a": "", "b": ""}),
        ("? a\n: b", {"a": "b"}),
        ("[a, [b], {c: d}, ]", ["a", ["b"], {"c": "d"}]),
        ("[a: b]", [{"a": "b"}]),
        ("- - a\n  - b\n- c", [["a", "b"], "c"]),
        ("{a, b: }", {"a": "", "b": ""}),
        ("word", "word"),
        ("--- word\n...\n", "word"),
        ("é: ü", {"é": "ü"}),
        ("a: 😀", {"a": "😀"}),
        ("# only\na: b # a comment", {"a": "b"}),
        ("a: b#c", {"a": "b#c"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ('{"a": [1, 2.5e-3, true, null, "x\\/y"]}', {"a": ["1", "2.5e-3", "true", "null", "x/y"]}),
        ('{"a":1,"b":[2]}', {"a": "1", "b": ["2"]}),
        ('{\n\t"a": 1\n}', {"a": "1"}),
    ],
)
def test_yaml_and_json_are_read_as_they_stand(text: str, value: Plain) -> None:
    assert plain(read(text)) == value


# json.dumps writes a character outside the basic plane as two escapes.
def test_the_escapes_of_json_are_read() -> None:
    assert plain(read('{"name": "\\ud83d\\ude00"}')) == {"name": "😀"}


def test_every_key_and_value_has_its_place() -> None:
    text = "input: {C: 3, H: 227}\nlayers:\n- {conv: 96,\n   kernel: 11}\n-   relu\n- 'quoted': \"two\"\n"
    assert places(read(text)) == [
        ("input", 1, 1), ("C", 1, 9), ("3", 1, 12), ("H", 1, 15), ("227", 1, 18),
        ("layers", 2, 1),
        ("conv", 3, 4), ("96", 3, 10), ("kernel", 4, 4), ("11", 4, 12),
        ("relu", 5, 5),
        ("quoted", 6, 3), ("two", 6, 13),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: é x\nb: {ü: z}", 2, 8),
        ("a: 😀\nb: {😀: z}", 2, 8),
        ("a: 1\r\nb: {c: z}", 2, 8),
        ("a: 1\rb: {c: z}", 2, 8),
        ("a: 1\x85b: {c: z}", 2, 8),
        ("\ufeffa: {c: z}", 1, 8),
        ("a: >\n  x\n  y\nb: {c: z}", 4, 8),
        ("# é\n\n\nb: {c: z}", 4, 8),
        ("b:\t{c:\tz}", 1, 8),
    ],
    ids=["accents", "emoji", "CRLF", "CR", "NEL", "BOM", "folded text", "comments", "tabs"],
)
def test_a_place_counts_characters_as_an_editor_does(text: str, line: int, column: int) -> None:
    assert ("z", line, column) in places(read(text))


def test_lists_and_mappings_have_the_place_of_their_bracket_or_first_item() -> None:
    root = read("a: [1]\nb: {c: 1}\nd:\n  - 1\ne:\n  f: 1\n")
    assert isinstance(root, MapNode)
    assert [(node.line, node.column) for node in root.values.values()] == [(0, 3), (1, 3), (3, 2), (5, 2)]


def test_nothing_has_the_place_where_it_is_missing() -> None:
    assert places(read("a:\nb: c")) == [("a", 1, 1), ("", 1, 3), ("b", 2, 1), ("c", 2, 4)]


class StrictLoader(yaml.SafeLoader):
    """A parser with a limit of its own, close above ours, and with other words than libyaml has for it."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - so it is called there
        if self.flow_level == 45:
            raise ScannerError(None, None, "so many brackets", self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader, StrictLoader])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser with C, the one without, and one that refuses deep nesting early."""
    monkeypatch.setattr("cnncalc.language.reader.EventLoader", request.param)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text", ["[" * 40 + "]" * 40, "{a: " * 40 + "}" * 40, "- " * 40 + "x", "- " * 20 + "[" * 20 + "]" * 20]
)
def test_40_levels_are_read(text: str) -> None:
    assert plain(read(text))


# Text → the place of its 41st level: the bracket or dash, or the first key of a mapping without brackets.
DEEP = {
    "41 brackets": ("[" * 41 + "]" * 41, "1:41"),
    "41 dashes": ("- " * 41 + "x", "1:81"),
    "brackets": ("[" * 3_000, "1:41"),
    "braces": ("{" * 3_000, "1:41"),
    "brackets and blanks": ("[ " * 3_000, "1:81"),
    "a bracket on each line": ("[\n" * 3_000, "41:1"),
    "keys in braces": ("{a: " * 3_000, "1:161"),
    "mappings as keys": ("{? " * 3_000, "1:121"),
    "dashes": ("- " * 3_000, "1:81"),
    "question marks": ("? " * 3_000, "1:81"),
    "indented keys": ("\n".join(" " * i + "a:" for i in range(1_500)), "41:41"),
    "indented dashes": ("\n".join(" " * i + "-" for i in range(1_500)), "41:41"),
    "brackets in a mapping": ("input: 3x8x8\nlayers: " + "[" * 3_000, "2:48"),  # 8 characters, 1 level and 39
    "brackets and braces in dashes": ("- " * 30 + "[{" * 3_000, "1:71"),
    "a byte-order mark, Windows and an emoji": ("\ufeff# é\r\na: 😀\r\nb: " + "[" * 3_000, "3:43"),
    "quotes and comments with brackets": ("a: '[[['\nb: \"{{{\" # " + "[" * 50 + "\nc: " + "[" * 3_000, "3:43"),
    "brackets before a wrong sign": ("a: " + "[" * 41 + "@", "1:43"),
}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "place"), DEEP.values(), ids=DEEP)
def test_deeper_nesting_has_the_same_message_with_every_parser(text: str, place: str) -> None:
    assert problems_of(text) == [f"{place}: nested more than 40 levels deep; use blocks:"]


# Brackets at the start of a line that must be a key. Most parsers say that its colon is missing, libyaml 0.2.6
# that the nesting is too deep; that is said in our words, too.
def test_deep_nesting_in_place_of_a_key_is_refused_in_words_that_we_know() -> None:
    (problem,) = problems_of("a: 1\n" + "[" * 3_000)
    assert "nested more than 40 levels deep" in problem or "could not find expected ':'" in problem


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{a: 1, b: 2, a: 3}", ["1:14: duplicate key 'a' (first on line 1)"]),
        (
            "a: 1\nb: 2\na: 3\na: 4",
            ["3:1: duplicate key 'a' (first on line 1)", "4:1: duplicate key 'a' (first on line 1)"],
        ),
        ("{a: 1, 'a': 2}", ["1:8: duplicate key 'a' (first on line 1)"]),
        ("{yes: 1, true: 2, 1: 3, 01: 4, 1.0: 5}", []),
        ("- {a: 1}\n- {a: 1}", []),
        (
            "{a: {b: 1, b: 2}, a: 1}",
            ["1:12: duplicate key 'b' (first on line 1)", "1:19: duplicate key 'a' (first on line 1)"],
        ),
    ],
)
def test_a_key_stands_once_in_each_mapping(text: str, problems: list[str]) -> None:
    assert problems_of(text) == problems


def test_the_first_of_duplicate_keys_is_kept() -> None:
    text = "{a: 1, a: 2}"
    root = read_nodes(text, Problems("net.yaml", text))
    assert root is not None
    assert plain(root) == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [b\n", "1:6: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence)"),
        ("a: 'b", "1:6: not valid YAML: found unexpected end of stream (while scanning a quoted scalar)"),
        (
            "a: b: c",
            "1:5: not valid YAML: mapping values are not allowed in this context; "
            "check the indentation, and put a value with a colon in quotes",
        ),
        (
            "a: @b",
            "1:4: not valid YAML: found character that cannot start any token (while scanning for the next token)",
        ),
        (
            "a:\n\t- b",
            "2:1: not valid YAML: found character that cannot start any token (while scanning for the next token)"
            "; YAML does not allow tabs for indentation, use spaces",
        ),
        ("a: *b", "1:4: anchors and aliases are not part of the format; use blocks: or vars:"),
        ("a: &b c", "1:4: anchors and aliases are not part of the format; use blocks: or vars:"),
        ("a: !b c", "1:4: tags (!b) are not part of the format; write the value alone"),
        ("a: !<tag:x> c", "1:4: tags (tag:x) are not part of the format; write the value alone"),
        ("[[a]: b]", "1:2: a key must be a word, not a list or mapping"),
        ("{{a: b}: c}", "1:2: a key must be a word, not a list or mapping"),
        ("a: b\n---\nc: d", "2:1: a second document starts here; a file holds one spec"),
        ("a: b\n--- ", "2:1: a second document starts here; a file holds one spec"),
        ("", "1:1: the file is empty; a spec needs input: and layers:"),
        ("# nothing", "1:1: the file is empty; a spec needs input: and layers:"),
    ],
)
def test_what_is_not_part_of_the_format_is_refused(text: str, problem: str) -> None:
    assert problems_of(text) == [problem]


# A text that ends without a line end has no further line.
@pytest.mark.parametrize("text", ["a: [b", "a: {b: c", "a: [b,", "%YAML"])
def test_a_problem_at_the_end_stands_on_the_last_line(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.startswith("1:")


# The tab is between words or in quotes: it is not what is wrong.
@pytest.mark.parametrize("text", ["a: x\tb: c", "a:\t[b", "a: 'x\ty' z"])
def test_a_tab_that_is_allowed_is_not_blamed(text: str) -> None:
    (problem,) = problems_of(text)
    assert "tabs" not in problem


def test_the_plain_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "input: {C: 010, H: yes}\nlayers:\n- 'é': [1:30, {a: z}]\n- - b\n-\n"
    expected = (plain(read(text)), places(read(text)))
    monkeypatch.setattr("cnncalc.language.reader.EventLoader", yaml.SafeLoader)
    assert (plain(read(text)), places(read(text))) == expected
    assert problems_of("a: {b: 1, b: 2}") == ["1:11: duplicate key 'b' (first on line 1)"]
    assert problems_of("a: [b")[0].startswith("1:6: not valid YAML: ")


# 400 of 500 problems are not in the list: it must say so.
def test_reading_stops_after_100_problems() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="input: 3x8x8\nlayers:\n" + "- rellu\n" * 500)
    assert [p.line for p in caught.value.problems] == [*range(3, 102), 101]
    assert caught.value.problems[-1].message == "99 problems or more; reading stopped here"
