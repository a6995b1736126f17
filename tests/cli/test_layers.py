"""`cnncalc layers`."""

import json
import re
from typing import Any

import pytest
from running import Run

from cnncalc.layers import LAYERS
from cnncalc.layers.composites import COMPOSITES
from cnncalc.network.vocabulary import ALIASES, kind_of

KINDS = [*LAYERS, *COMPOSITES]


def test_a_hint_at_an_option_is_one_that_the_command_has(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    options = set(re.findall(r"--[a-z-]+", run("layers").stdout))
    assert options <= set(re.findall(r"--[a-z-]+", run("layers", "--help").stdout))


def test_layers_names_every_kind_of_the_language(run: Run) -> None:
    title, heads, _, *rows = run("layers").stdout.splitlines()
    assert title == f"{len(KINDS)} layer kinds"
    assert re.split(r"  +", heads.strip()) == ["kind", "write", "what it is"]
    assert sorted(row.split()[0] for row in rows if not row.startswith(" ")) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_layers_explains_each_kind_and_its_aliases(run: Run, kind: str) -> None:
    result = run("layers", kind)
    assert (result.exit_code, result.stderr) == (0, "")
    first, blank, description, *others = result.stdout.splitlines()
    assert (first, blank) == (kind, "")
    assert description.endswith((".", ")")) or others[0]
    for word in ("Shape: ", "Weights: ", "MACs: "):
        assert sum(line.startswith(word) for line in others) == 1
    assert re.search(rf"^Write  - {{?{kind}\b", result.stdout, re.M)
    aliases = {alias for alias, (of, _) in ALIASES.items() if of == kind}
    also = [line for line in others if line.startswith("Also accepted as  ")]
    assert {alias for line in also for alias in re.split(r"[ ,]+", line)} >= aliases
    assert all(run("layers", alias).stdout == result.stdout for alias in aliases)
    for name, parameter in kind_of(kind).parameters.items():
        (line,) = (line for line in others if re.match(rf"  {name} ", line))
        assert set(re.split(r"[ ,;]+", line)) >= set(parameter.aliases)


def test_layers_says_what_a_parameter_is_and_its_default(run: Run) -> None:
    lines = run("layers", "conv").stdout.splitlines()
    assert (
        "  filters       number of filters, the output's channels; whole number; required; also out_channels" in lines
    )
    (stride,) = (line for line in lines if line.startswith("  stride "))
    assert stride.endswith("; default 1; also strides")


def test_layers_says_how_a_kind_without_a_value_stands_beside_other_keys(run: Run) -> None:
    assert "Write  - relu, or beside other keys - {name: ..., relu}\n" in run("layers", "relu").stdout
    assert "Write  - {maxpool: kernel}\n" in run("layers", "maxpool").stdout
    assert "a kind that needs no value has none: {name: last, relu, repeat: 2}" in run("layers").stdout


def test_layers_says_what_a_pools_stride_is_by_default(run: Run) -> None:
    (stride,) = (line for line in run("layers", "maxpool").stdout.splitlines() if line.startswith("  stride "))
    assert "; default kernel" in stride


def test_layers_as_json_has_every_kind(run: Run) -> None:
    entries = json.loads(run("layers", "--format", "json").stdout)
    assert sorted(entry["kind"] for entry in entries) == sorted(KINDS)
    for entry in entries:
        assert list(entry) == ["kind", "doc", "aliases", "source", "parameters"]
        for parameter in entry["parameters"].values():
            assert {"doc", "type", "required", "aliases"} <= parameter.keys()
            assert ("default" in parameter) is not parameter["required"]
        required = [name for name, parameter in entry["parameters"].items() if parameter["required"]]
        written = [name for name, parameter in kind_of(entry["kind"]).parameters.items() if parameter.required]
        assert required == [*written, *(["out"] if entry["kind"] == "opaque" else [])]  # a claim that declares


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        ("conv", {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "norm": "none"}),
        ("maxpool", {"stride": "kernel", "padding": 0, "dilation": 1, "rounding": "floor"}),
        ("lrn", {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2}),
        ("residual", {"shortcut": "identity", "merge": "add", "activation": "none"}),
    ],
)
def test_layers_as_json_gives_the_defaults_of_the_language(run: Run, kind: str, defaults: dict[str, Any]) -> None:
    (entry,) = json.loads(run("layers", kind, "--format", "json").stdout)
    assert {name: entry["parameters"][name]["default"] for name in defaults} == defaults


def test_an_unknown_kind_gets_a_suggestion(run: Run) -> None:
    result = run("layers", "convolve")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no layer kind 'convolve'; did you mean 'conv" in result.stderr


def test_a_kind_that_is_like_no_other_points_at_the_list(run: Run) -> None:
    result = run("layers", "qqq")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no layer kind 'qqq'; 'cnncalc layers' lists the kinds" in result.stderr


def test_layers_has_a_line_for_each_section_and_item_which_a_terminal_folds(run: Run) -> None:
    lines = run("layers", "residual").stdout.splitlines()
    assert "    if_same: no shortcut if the shapes differ (MobileNetV2)." in lines
    assert [line for line in lines if line.startswith("Shape: ")] == [
        "Shape: (C, *in) -> what merge makes of body and shortcut; concat puts the shortcut first, and subtract takes "
        "the body from it."
    ]


def test_sentences_of_the_list_fold_at_words_not_at_commas(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "Hard swish, a piecewise polynomial\n" in run("layers").stdout
