"""Every bundled spec: there, well-formed, and written as the others are."""

import json
from functools import cache
from typing import Any

import pytest
import yaml
from bundled import FOLDER, NAMES, ONE_OF_EACH, report_of, text_of
from every import for_every

import cnncalc
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import text_source

ASKED_FOR = {
    "alexnet", "alexnet_assignment", "alexnet_keras_flowers", "mnist_keras", "alexnet_one_tower",
    "alexnet_two_branches", "alexnet_cifar", "lenet5", "zfnet", "vgg16", "googlenet", "resnet18", "resnet50",
    "densenet121", "mobilenet_v2", "squeezenet1_0", "unet", "efficientnet_b0",
}  # fmt: skip
"""The names that the project's first issue asks for, beside a 1-D and a 3-D network."""

every_name = for_every(NAMES)

KEY_ORDER = (
    "name", "source", "family", "notes", "layout", "input", "vars", "defaults", "blocks", "layers", "outputs", "expect",
)  # fmt: skip


@cache
def document(name: str) -> dict[str, Any]:
    """The spec as plain YAML, read without cnncalc."""
    content = yaml.load(text_of(name), yaml.CSafeLoader)
    assert isinstance(content, dict)
    return content


def lines_of(content: Any) -> list[dict[str, Any]]:
    """Every mapping inside `layers:` and `blocks:` that stands for a layer line, at any depth."""
    if isinstance(content, list):
        return [line for item in content for line in lines_of(item)]
    if isinstance(content, dict):
        inner = [line for value in content.values() for line in lines_of(value) if isinstance(value, list)]
        return [content, *inner]
    return []


def test_the_issues_architectures_are_bundled() -> None:
    assert set(NAMES) >= ASKED_FOR


@pytest.mark.parametrize(("rank", "sizes"), [(1, "length"), (3, "depth, height, width")])
def test_a_network_of_another_rank_is_bundled(rank: int, sizes: str) -> None:
    ranks = {name: len(next(iter(report_of(name).network.inputs.values())).spatial) for name in NAMES}
    assert rank in ranks.values(), f"no bundled network has {sizes}"


@for_every(ONE_OF_EACH)
def test_a_bundled_spec_has_the_same_figures_by_name_and_by_path(name: str) -> None:
    by_name, by_path = report_of(name), cnncalc.analyze(FOLDER / f"{name}.yaml")
    assert by_name.layers == by_path.layers
    assert by_name.totals == by_path.totals
    assert (by_name.network.bundled, by_path.network.bundled) == (True, False)


@every_name
def test_every_figure_of_a_bundled_spec_is_computed(name: str) -> None:
    assert report_of(name).complete


@every_name
def test_bundled_spec_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    content = document(name)
    network = report_of(name).network
    assert (network.name, network.source, network.family) == (content["name"], content["source"], content["family"])
    assert network.name
    assert network.family
    assert len(network.source) > 20, "a source that can be found again needs more than a word"


def test_only_what_was_not_published_has_no_year() -> None:
    assert [name for name in NAMES if read_spec(text_source(text_of(name))).year is None] == [
        "alexnet_assignment", "alexnet_cifar", "alexnet_keras_flowers", "mnist_keras",
    ]  # fmt: skip


def test_families_are_told_apart_by_more_than_their_spelling() -> None:
    families = {report_of(name).network.family for name in NAMES}
    assert len({"".join(filter(str.isalnum, family.casefold())) for family in families}) == len(families)


@every_name
def test_bundled_spec_claims_its_params_and_its_output(name: str) -> None:
    content = document(name)
    last = content["layers"][-1]
    assert "params" in content["expect"]
    assert "out" in content["expect"] or "out" in last


@every_name
def test_bundled_spec_has_its_keys_in_the_usual_order(name: str) -> None:
    keys = list(document(name))
    assert set(keys) <= set(KEY_ORDER)
    assert keys == [key for key in KEY_ORDER if key in keys]


@every_name
def test_lines_of_bundled_spec_start_with_the_name_and_end_with_the_claims(name: str) -> None:
    content = document(name)
    lines = lines_of(content["layers"]) + lines_of(list(content.get("blocks", {}).values()))
    assert lines
    for line in lines:
        keys = list(line)
        settings = [key for key in keys if key not in ("name", "out", "params")]
        expected = [*(["name"] if "name" in keys else []), *settings, *[k for k in ("out", "params") if k in keys]]
        assert keys == expected, line


@every_name
def test_bundled_spec_is_printable_ascii_within_120_columns(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_bytes().decode("ascii")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for line in text.splitlines():
        assert len(line) <= 120
        assert line == line.rstrip()
        assert line.isprintable()


def test_every_title_is_different() -> None:
    titles = [report_of(name).network.name for name in NAMES]
    assert len(set(titles)) == len(titles)


def test_one_of_each_has_every_kind_rank_and_layout_of_all() -> None:
    def properties(name: str) -> set[str]:
        network = report_of(name).network
        ranks = {f"rank {shape.rank}" for shape in network.inputs.values()}
        return {network.layout, *ranks, *(node.layer.kind for node in network.nodes)}

    some, every = (set().union(*map(properties, names)) for names in (ONE_OF_EACH, NAMES))
    assert some == every


@every_name
def test_a_bundled_spec_builds_again_after_other_programs_wrote_it(name: str) -> None:
    """They write `{name: x, relu}` as `relu: null`, which is the same YAML."""
    content = document(name)
    for text in (yaml.dump(content, Dumper=yaml.CSafeDumper), json.dumps(content)):
        assert cnncalc.analyze(text=text).totals == report_of(name).totals
