"""The words of the section "Words" of `cnncalc guide design`: in docstrings, comments, messages, pages and scripts."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from every import for_every

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "cnncalc"
SECTION = (PACKAGE / "guide" / "design.md").read_text("utf-8").partition("\n## Words\n")[2]
ROWS = [row.split("|")[1:4] for row in SECTION.splitlines() if row.startswith("| `")]


def pattern(cells: list[str]) -> re.Pattern[str]:
    """The pattern of the phrases in cells: … is the rest of a clause, and a phrase with a capital begins a sentence."""
    phrases = re.findall("`([^`]+)`", "".join(cells))
    small, large = (
        "|".join(re.escape(phrase).replace("…", "[^.;:]*") for phrase in phrases if phrase[0].isupper() == starts)
        for starts in (False, True)
    )
    return re.compile(rf"\b(?:(?i:{small})\b|(?:^|(?<=[.;:] ))(?:{large or '(?!)'}))")


WRONG = pattern([row[0] for row in ROWS])
ALLOWED = pattern([row[2] for row in ROWS])


def wrong_words(text: str) -> list[str]:
    return [match[0] for match in WRONG.finditer(ALLOWED.sub("", " ".join(text.split())))]


def prose_of(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """The texts of a file with their lines: of a page without code, else its strings and comments.

    Of tests only docstrings and comments: their other strings are what a user may write.
    """
    if path.suffix == ".md":
        yield 1, re.sub("```.*?```|`[^`]*`", "", source, flags=re.DOTALL)
        return
    if path.suffix == ".js":
        for number, line in enumerate(source.splitlines(), start=1):
            yield from ((number, text) for text in re.findall(r"(?<!:)//.*|\"[^\"]*\"|`[^`]*`", line))
        return
    tree = ast.parse(source)
    nodes = (
        (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
        if TESTS in path.parents
        else ast.walk(tree)
    )
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


BUILT = {"codemirror.js"}
SOURCES = TESTS / "importing" / "sources"
WRITTEN = [
    path
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.md"), *PACKAGE.rglob("*.js"), *TESTS.rglob("*.py")])
    if path.name not in BUILT and SOURCES not in path.parents
]


@for_every(WRITTEN)
def test_prose_has_none_of_the_wrong_words(path: Path) -> None:
    source = path.read_text("utf-8")
    if wrong_words(source):  # of few files: to parse all would take seconds
        found = [(line, words) for line, text in prose_of(path, source) if (words := wrong_words(text))]
        assert not found, f"the table of cnncalc/guide/design.md says what to write: {found}"


@for_every(sorted(PACKAGE.rglob("*.py")))
def test_a_docstring_names_what_is_returned(path: Path) -> None:
    riddles = re.findall(r'^\s*"""((?:What|Where) .*)', path.read_text("utf-8"), re.MULTILINE)
    assert not riddles, "begin with a noun: 'The findings ...' for 'What is found ...'"


def test_the_table_is_read() -> None:
    assert wrong_words("Errors are told behind it. Where none is, it stands.") == [
        "told", "behind", "Where none is,", "stands",
    ]  # fmt: skip
    assert wrong_words("It stands for a number; there is no other. Where it is.") == []
