"""Right tables of the write-ups that the project comes from, as people type them: all have full points."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from homework.marked import marked, not_right
from running import Run

Row = tuple[str, str, int | None]

CONVS: list[Row] = [
    ("conv", "55x55x96", 34_944), ("pool", "27x27x96", 0), ("conv", "27x27x256", 614_656), ("pool", "13x13x256", 0),
    ("conv", "13x13x384", 885_120), ("conv", "13x13x384", 1_327_488), ("conv", "13x13x256", 884_992),
    ("pool", "6x6x256", 0), ("flatten", "9216", 0), ("fc", "4096", 37_752_832), ("fc", "4096", 16_781_312),
]  # fmt: skip

TABLES: dict[str, list[Row]] = {
    "alexnet_assignment": [*CONVS, ("fc", "10", 40_970)],  # 10*(4096 + 1)
    "alexnet_one_tower": [*CONVS, ("fc", "1000", 4_097_000)],  # 1000*(4096 + 1)
    "alexnet_keras_flowers": [
        ("conv", "54x54x96", 34_944), ("pool", "26x26x96", 0), ("bn", "26x26x96", 384),
        ("conv", "26x26x256", 614_656), ("pool", "12x12x256", 0), ("bn", "12x12x256", 1_024),
        ("conv", "10x10x384", 885_120), ("bn", "10x10x384", 1_536), ("conv", "8x8x384", 1_327_488),
        ("bn", "8x8x384", 1_536), ("conv", "6x6x256", 884_992), ("pool", "2x2x256", 0), ("bn", "2x2x256", 1_024),
        ("flatten", "1024", 0), ("fc", "4096", 4_198_400), ("dropout", "4096", None), ("bn", "4096", 16_384),
        ("fc", "4096", 16_781_312), ("dropout", "4096", None), ("bn", "4096", 16_384), ("fc", "17", 69_649),
    ],
    "mnist_keras": [
        ("conv", "26x26x32", 320), ("pool", "13x13x32", 0), ("conv", "11x11x64", 18_496), ("pool", "5x5x64", 0),
        ("flatten", "1600", 0), ("fc", "128", 204_928), ("dropout", "128", None), ("fc", "10", 1_290),
    ],
    "alexnet_two_branches": [
        *[("conv", "56x56x48", 17_472), ("bn", "56x56x48", 192), ("relu", "56x56x48", None), ("pool", "27x27x48", 0),
          ("conv", "27x27x128", 153_728), ("bn", "27x27x128", 512), ("relu", "27x27x128", None),
          ("pool", "13x13x128", 0)] * 2,
        ("concat", "13x13x256", None),
        *[("conv", "13x13x192", 442_560), ("conv", "13x13x192", 331_968), ("conv", "13x13x128", 221_312),
          ("pool", "6x6x128", 0)] * 2,
        ("concat", "6x6x256", None), ("flatten", "9216", 0), ("fc", "4096", 37_752_832), ("fc", "4096", 16_781_312),
        ("fc", "10", 40_970),
    ],
    "alexnet_cifar": [
        ("conv", "32x32x32", 896), ("pool", "16x16x32", 0), ("conv", "16x16x64", 18_496), ("pool", "8x8x64", 0),
        ("conv", "8x8x128", 73_856), ("pool", "4x4x128", 0), ("flatten", "2048", 0), ("fc", "512", 1_049_088),
        ("dropout", "512", None), ("fc", "10", 5_130),
    ],
}  # fmt: skip
"""What the write-ups print of each layer; the cells without a number are of layers that have no weights."""

TOTALS = {"alexnet_assignment": 58_322_314, "alexnet_one_tower": 62_378_344, "alexnet_keras_flowers": 24_834_833,
          "mnist_keras": 225_034, "alexnet_two_branches": 56_910_602, "alexnet_cifar": 1_147_466}  # fmt: skip
"""All params, with the statistics of norms as Keras counts them."""


def lines(rows: list[Row], name: Callable[[str, int, int], str], shape: Callable[[str], str] = str,
          count: Callable[[int], str] = str, between: str = ";") -> list[str]:  # fmt: skip
    """The rows of a table; `name` gets the kind, its number and that of the row."""
    numbers = dict.fromkeys((kind for kind, _, _ in rows), 0)
    found = []
    for row, (kind, out, params) in enumerate(rows, start=1):
        numbers[kind] += 1
        text = "" if params is None else count(params)
        found.append(between.join((name(kind, numbers[kind], row), shape(out), text)))
    return found


def reordered(shape: str) -> str:
    """55x55x96 as 96x55x55."""
    *sizes, channels = shape.split("x")
    return "x".join((channels, *sizes))


def listed(shape: str) -> str:
    """55x55x96 as (None, 55, 55, 96)."""
    return f"(None, {', '.join(shape.split('x'))})"


FRENCH = {"conv": "CONV-{}", "pool": "Max pooling {}", "fc": "Fully connected {}", "bn": "Batch norm {}"}
SHORT = {"conv": "Conv_{}", "pool": "MaxPool{}", "fc": "FC{}", "bn": "BN{}", "concat": "Concat{}"}
KERAS = {"conv": "conv2d_{} (Conv2D)", "pool": "max_pooling2d_{} (MaxPooling2D)", "fc": "dense_{} (Dense)",
         "bn": "batch_normalization_{} (BatchNormalization)"}  # fmt: skip
IMPLIED = ("flatten", "dropout", "relu")


def named(words: dict[str, str]) -> Callable[[str, int, int], str]:
    """Names of the words of a kind, with its number."""
    return lambda kind, number, _: words.get(kind, f"{kind}{{}}").format(number)


def short(rows: list[Row]) -> list[str]:
    total = next(TOTALS[network] for network, own in TABLES.items() if own == rows)
    return ["Layer;Output;Parameters", "Input;3x3x3;", *lines(rows, named(SHORT)), f"Total;;{total:,}"]


def keras(rows: list[Row]) -> list[str]:
    return ["Layer (type);Output Shape;Param #", "====;====;====", *lines(rows, named(KERAS), listed), "----;;"]


def counted(rows: list[Row]) -> list[str]:
    return ["layer;size;weights;notes", *lines(rows, named(SHORT), str, lambda count: f"{count:,}")]


def channels_first(rows: list[Row]) -> list[str]:
    return ["name;output shape;params", *lines(rows, named(FRENCH), reordered, lambda count: f"{count:,} params")]


def by_number(rows: list[Row]) -> list[str]:
    return ["layer;out;params", *lines(rows, lambda kind, number, row: f"Layer {row}")]


def without_implied(rows: list[Row]) -> list[str]:
    return ["layer;out;params", *lines([row for row in rows if row[0] not in IMPLIED], named(SHORT))]


def with_activations(rows: list[Row]) -> list[str]:
    found = ["layer;out;params", "image;7x7x3;0"]
    for (kind, out, _), line in zip(rows, lines(rows, named(SHORT)), strict=True):
        found += [line, *([f"ReLU;{out};0"] if kind in ("conv", "fc") else [])]
    return found


def markdown(rows: list[Row]) -> list[str]:
    body = lines(rows, named(KERAS), lambda shape: shape.replace("x", " × "), str, " | ")
    return ["# My table", "", "| Layer | Output size | # Params |", "|---|---|---|", *(f"| {line} |" for line in body)]


def kinds_only(rows: list[Row]) -> list[str]:
    return ["Layer;Output;Params", *lines(rows, lambda kind, number, row: named(FRENCH)(kind, number, row)[:-2])]


def tabs(rows: list[Row]) -> list[str]:
    return ["Layer\tOutput\tParams", *lines(rows, lambda kind, number, row: f"{row}. {kind}", reordered, str, "\t")]


LAYOUTS = [
    short,
    keras,
    channels_first,
    by_number,
    without_implied,
    with_activations,
    markdown,
    kinds_only,
    tabs,
    counted,
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.__name__))
@pytest.mark.parametrize("network", TABLES)
def test_a_right_table_in_a_layout_of_its_own_has_full_points(
    network: str, layout: Callable[[list[Row]], list[str]]
) -> None:
    found = marked("\n".join(layout(TABLES[network])) + "\n", network)
    assert {cell: state for cell, state in not_right(found).items() if state != "swapped"} == {}
    assert len(found.marks) >= len([row for row in TABLES[network] if row[0] not in IMPLIED])


@pytest.mark.parametrize("file", sorted((Path(__file__).parent / "right").iterdir()), ids=lambda file: file.name)
def test_a_right_table_of_any_layout_has_full_points_and_no_remark(run: Run, file: Path) -> None:
    done = run("grade", str(file))
    first = next(line for line in done.stdout.splitlines() if line.endswith(" points"))
    assert len(set(re.findall(r"(\d+) of (\d+) points", first)[0])) == 1
    assert done.stderr == ""
    assert "\nsheet: " not in done.stdout


def test_an_fc_layer_that_is_numbered_after_convolutions_is_found_with_wrong_params_too(
    run: Run, tmp_path: Path
) -> None:
    right = (Path(__file__).parent / "right" / "own_empty_corner.csv").read_text()
    wrong = {
        "608": "208",
        "3216": "416",
        "48120": "48001",
        "10164": "10081",
        "850": "841",
    }  # as the course printed them
    for number, other in wrong.items():
        right = right.replace(f",{number}\n", f",{other}\n")
    (tmp_path / "table.csv").write_text(right)
    first, *lines = run("grade", str(tmp_path / "table.csv")).stdout.splitlines()
    assert first.endswith("16 of 21 points")  # all but the five
    assert lines[6].split() == ["fc1", "(120,1)", "right", "120", "right", "48001", "wrong"]
