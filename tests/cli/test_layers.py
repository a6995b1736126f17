"""`cnncalc layers`."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from cnncalc.layers import LAYERS
from cnncalc.layers.composites import COMPOSITES

Run = Callable[..., Result]

# language.md, the table of kinds
KINDS = (
    "conv deconv depthwise maxpool avgpool global_avgpool global_maxpool flatten adaptive_avgpool adaptive_maxpool fc "
    "bn lrn layernorm groupnorm instancenorm scale dropout relu relu6 leaky_relu prelu elu gelu silu hardswish "
    "hardsigmoid sigmoid tanh softmax upsample zeropad crop slice shuffle reshape add mul concat residual branches "
    "sequence"
)

# language.md, the closed list of aliases of kinds
ALIASES = {
    "conv1d": "conv",
    "conv2d": "conv",
    "conv3d": "conv",
    "dense": "fc",
    "linear": "fc",
    "max_pool": "maxpool",
    "maxpool2d": "maxpool",
    "maxpooling2d": "maxpool",
    "avg_pool": "avgpool",
    "avgpool2d": "avgpool",
    "averagepooling2d": "avgpool",
    "batchnorm": "bn",
    "batch_norm": "bn",
    "conv_transpose": "deconv",
    "convtranspose2d": "deconv",
    "gap": "global_avgpool",
}

PARAMETER_ALIASES = {
    "out_channels": ("conv", "filters"),
    "kernel_size": ("conv", "kernel"),
    "pool_size": ("maxpool", "kernel"),
    "strides": ("conv", "stride"),
    "dilation_rate": ("conv", "dilation"),
    "group": ("conv", "groups"),
    "use_bias": ("conv", "bias"),
    "units": ("fc", "features"),
    "out_features": ("fc", "features"),
    "ceil_mode": ("maxpool", "rounding"),
}


def test_a_hint_at_an_option_is_one_that_the_command_has(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    options = set(re.findall(r"--[a-z-]+", run("layers").stdout))
    assert options <= set(re.findall(r"--[a-z-]+", run("layers", "--help").stdout))


def test_layers_names_every_kind_of_the_language(run: Run) -> None:
    title, heads, _, *rows = run("layers").stdout.splitlines()
    assert title == f"{len(KINDS.split())} layer kinds"
    assert re.split(r"  +", heads.strip()) == ["kind", "write", "what it is"]
    assert sorted(row.split()[0] for row in rows if not row.startswith(" ")) == sorted(KINDS.split())


def test_the_language_and_the_registries_have_the_same_kinds() -> None:
    assert {*LAYERS, *COMPOSITES} == set(KINDS.split())


@pytest.mark.parametrize("kind", KINDS.split())
def test_layers_explains_each_kind(run: Run, kind: str) -> None:
    result = run("layers", kind)
    assert (result.exit_code, result.stderr) == (0, "")
    first, blank, description, *others = result.stdout.splitlines()
    assert (first, blank) == (kind, "")
    assert description.endswith((".", ")")) or others[0]
    for word in ("Shape: ", "Weights: ", "MACs: "):
        assert sum(line.startswith(word) for line in others) == 1
    assert re.search(rf"^Write  - {{?{kind}\b", result.stdout, re.M)


@pytest.mark.parametrize(("alias", "kind"), ALIASES.items())
def test_layers_explains_a_kind_under_its_alias(run: Run, alias: str, kind: str) -> None:
    result = run("layers", alias)
    assert result.stdout == run("layers", kind).stdout
    (also,) = (line for line in result.stdout.splitlines() if line.startswith("Also accepted as  "))
    assert alias in re.split(r"[ ,]+", also)


@pytest.mark.parametrize(("alias", "place"), PARAMETER_ALIASES.items(), ids=PARAMETER_ALIASES)
def test_layers_names_the_aliases_of_parameters(run: Run, alias: str, place: tuple[str, str]) -> None:
    kind, parameter = place
    (line,) = (line for line in run("layers", kind).stdout.splitlines() if re.match(rf"  {parameter} ", line))
    assert alias in re.split(r"[ ,;]+", line)


def test_layers_says_what_a_parameter_is_and_its_default(run: Run) -> None:
    lines = run("layers", "conv").stdout.splitlines()
    assert "  filters      number of filters, the output's channels; whole number; required; also out_channels" in lines
    (stride,) = (line for line in lines if line.startswith("  stride "))
    assert stride.endswith("; default 1; also strides")


def test_layers_says_what_a_pools_stride_is_by_default(run: Run) -> None:
    (stride,) = (line for line in run("layers", "maxpool").stdout.splitlines() if line.startswith("  stride "))
    assert "; default kernel" in stride


@pytest.mark.parametrize(
    ("kind", "required"),
    [
        ("conv", ["filters", "kernel"]),
        ("deconv", ["filters", "kernel"]),
        ("depthwise", ["kernel"]),
        ("maxpool", ["kernel"]),
        ("adaptive_avgpool", ["size"]),
        ("fc", ["features"]),
        ("bn", []),
        ("groupnorm", ["groups"]),
        ("dropout", []),
        ("relu", []),
        ("upsample", ["factor"]),
        ("zeropad", ["padding"]),
        ("crop", ["size"]),
        ("slice", ["channels"]),
        ("shuffle", ["groups"]),
        ("reshape", ["size"]),
        ("add", ["inputs"]),
        ("concat", ["inputs"]),
        ("residual", ["body"]),
        ("branches", ["paths"]),
        ("sequence", ["body"]),
    ],
)
def test_layers_as_json_says_what_is_required(run: Run, kind: str, required: list[str]) -> None:
    (entry,) = json.loads(run("layers", kind, "--format", "json").stdout)
    assert entry["kind"] == kind
    assert [name for name, p in entry["parameters"].items() if p["required"]] == required


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        # language.md, the table of kinds
        ("conv", {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "norm": "none"}),
        ("deconv", {"stride": 1, "padding": 0, "output_padding": 0, "bias": True, "activation": "none"}),
        ("depthwise", {"multiplier": 1, "stride": 1, "padding": 0, "dilation": 1, "bias": True}),
        ("maxpool", {"stride": "kernel", "padding": 0, "dilation": 1, "rounding": "floor"}),
        ("avgpool", {"stride": "kernel", "padding": 0, "rounding": "floor"}),
        ("fc", {"bias": True, "norm": "none", "activation": "none"}),
        ("bn", {"affine": True, "eps": 1e-5}),
        ("lrn", {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2}),
        ("dropout", {"rate": 0.5}),
        ("leaky_relu", {"slope": 0.01}),
        ("elu", {"alpha": 1}),
        ("scale", {"bias": True}),
        ("add", {"align": "none", "activation": "none"}),
        ("concat", {"align": "none"}),
        ("residual", {"shortcut": "identity", "merge": "add", "activation": "none"}),
        ("branches", {"merge": "concat"}),
    ],
)
def test_layers_as_json_gives_the_defaults_of_the_language(run: Run, kind: str, defaults: dict[str, Any]) -> None:
    (entry,) = json.loads(run("layers", kind, "--format", "json").stdout)
    found = {name: entry["parameters"][name]["default"] for name in defaults}
    assert found == defaults


def test_layers_as_json_has_every_kind(run: Run) -> None:
    entries = json.loads(run("layers", "--format", "json").stdout)
    assert sorted(entry["kind"] for entry in entries) == sorted(KINDS.split())
    for entry in entries:
        assert list(entry) == ["kind", "doc", "aliases", "source", "parameters"]
        for parameter in entry["parameters"].values():
            assert {"doc", "type", "required", "aliases"} <= parameter.keys()
            assert ("default" in parameter) is not parameter["required"]


def test_an_unknown_kind_gets_a_suggestion(run: Run) -> None:
    result = run("layers", "convolve")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no layer kind 'convolve'; did you mean 'conv" in result.stderr


def test_a_kind_that_is_like_no_other_points_at_the_list(run: Run) -> None:
    result = run("layers", "lstm")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no layer kind 'lstm'; 'cnncalc layers' lists the kinds" in result.stderr
