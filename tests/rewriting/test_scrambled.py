"""Any layout of a spec: no comment is lost, no figure changes, and formatting twice is formatting once."""

import re
from collections import Counter
from random import Random

from bundled import CORNERS, FOLDER, every_architecture, report_of
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st
from rewriting.scrambled import scrambled

import cnncalc
from cnncalc.language.source import text_source
from cnncalc.rewriting.format import format_spec

TEXTS = {path.stem: path.read_text("utf-8") for path in [*CORNERS, *FOLDER.glob("*.yaml")]}

COMMENT = re.compile(r"# (?:c\d+|top|end|yaml-language-server)")


def check(text: str) -> None:
    """Format a text; `format_spec` itself proves that it says the same."""
    once = format_spec(text_source(text))
    assert format_spec(text_source(once)) == once
    assert Counter(COMMENT.findall(once)) == Counter(COMMENT.findall(text))
    assert not re.search(r"[ \t]+$", re.sub(r"\r?\n", "\n", once), re.MULTILINE) or '"' in once


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 10**9))
@fuzz(20)
def test_any_layout(name: str, seed: int) -> None:
    check(scrambled(TEXTS[name], Random(seed)))


@every_architecture
def test_figures_of_a_bundled_spec_in_another_layout(name: str) -> None:
    text = scrambled(TEXTS[name], Random(0))
    assert format_spec(text_source(text)) != text
    before, after = report_of(name), cnncalc.analyze(text=format_spec(text_source(text)))
    assert after.totals == before.totals
    assert [(layer.path, layer.facts) for layer in after] == [(layer.path, layer.facts) for layer in before]


def test_layouts_are_of_every_sort() -> None:
    texts = [scrambled(TEXTS["lenet5"], Random(seed)) for seed in range(60)]
    for sign in (
        "\r\n",
        "\n- ",
        "\n  - ",
        "kernel_size",
        "{conv: ",
        "\n  conv:",
        ",\n",
        "# c1",
        "\n\n",
        "---",
        "{name: LeNet",
    ):
        assert any(sign in text for text in texts), sign
