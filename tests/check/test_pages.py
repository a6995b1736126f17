"""Every rule has a page; what it shows is found, and it says what is on: lint, what a check compares, the language."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import cnncalc
from cnncalc.check.engine import check_source
from cnncalc.check.rule import CheckRule
from cnncalc.check.rulebook import rulebook
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.language.source import text_source

PACKAGE = Path(cnncalc.__file__).parent
PAGES = {path.stem: path for folder in ("rules", "problems") for path in (PACKAGE / "check" / folder).glob("*.md")}

WITHOUT_EXAMPLE = {
    "budget": "is found only where an option gives the limit",
    "expect": "is found only with a second file, that of the claims",
    "incomplete": "is found only under --strict",
    "override": "is about what options give",
    "internal-error": "a spec that shows it would be one that cnncalc mends",
    "stale-baseline": "is found in a baseline, which is no spec",
    "depth": "more than forty levels do not fit into a few lines that can be read",
    "too-many": "reading stops at the hundredth problem",
    "unreadable": "a file that cannot be read has no text to show",
}
"""The ids that no short spec shows, with the reason."""

WITH_EXAMPLES = sorted(PAGES.keys() - WITHOUT_EXAMPLE.keys())

FENCED = r"```yaml\n[^`]+\n```\n"
LAYOUT = re.compile(rf"# \S.*[^.]\.\n\n((?!```)\S.*\n)+(\nFound in:\n{FENCED}Not found in:\n{FENCED})?")


def test_every_page_is_that_of_a_rule() -> None:
    assert PAGES.keys() == rulebook().keys()


@pytest.mark.parametrize("id_", sorted(PAGES))
def test_a_page_says_what_it_finds_in_a_sentence_and_why_in_some(id_: str) -> None:
    assert LAYOUT.fullmatch(PAGES[id_].read_text("utf-8"))
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", id_)
    page = rulebook()[id_].page
    assert len(page.summary) <= 120
    assert page.reason.endswith(".")
    assert "  " not in page.summary + page.reason
    assert 200 < len(page.reason) < 900 or id_ not in RULES
    assert (page.bad == page.good == "") is (id_ in WITHOUT_EXAMPLE)


def found(rule: CheckRule, text: str) -> set[str]:
    """The ids of all that a check finds in a text by default, and where it looks for this rule, too."""
    checked = check_source(text_source(text), Settings(rules=Settings().rules | {rule.id}))
    return {located.finding.rule for located in checked.findings}


@pytest.mark.parametrize("id_", WITH_EXAMPLES)
def test_the_first_example_has_findings_of_its_rule_and_no_other_and_the_second_has_none(id_: str) -> None:
    rule = rulebook()[id_]
    assert found(rule, rule.page.bad) == {id_}
    assert found(rule, rule.page.good) == set()


@pytest.mark.parametrize("id_", WITH_EXAMPLES)
def test_examples_are_a_few_lines_that_fit_into_80_columns_behind_their_indentation(id_: str) -> None:
    for example in rulebook()[id_].page[2:]:
        assert len(example.splitlines()) <= 11
        assert max(map(len, example.splitlines())) <= 76
        assert example.replace("\n", "").isprintable()  # it is shown on terminals
        assert example.isascii()


def test_rules_and_pages_are_found_in_a_zipped_package(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "cnncalc.whl", "w") as wheel:
        for path in PACKAGE.rglob("*.*"):
            if path.suffix in (".py", ".md"):
                wheel.write(path, path.relative_to(PACKAGE.parent))
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'cnncalc.whl')!r})\n"
        "from cnncalc.check.rulebook import rulebook\n"
        "print(*(id_ for id_, rule in rulebook().items() if rule.page.reason))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [*rulebook()]
