"""The bundled architectures against rows that others published, copied with their sources."""

import csv
from decimal import Decimal
from math import prod
from pathlib import Path

import pytest
from networks import TORCHVISION_ALEXNET

import cnncalc

FOLDER = Path(__file__).parent
ARCHITECTURES = Path(__file__).parents[2] / "architectures"

Line = dict[str, str]


def lines(name: str) -> list[Line]:
    """The rows of a published table."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert all(line["source"] for line in found)
    return found


def titled(found: list[Line], *names: str) -> list[object]:
    return [pytest.param(line, id=" ".join(filter(None, (line[name] for name in names)))) for line in found]


def sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("x")))


TORCHVISION = titled(lines("torchvision.csv"), "name")


@pytest.mark.parametrize("line", TORCHVISION)
def test_params_are_torchvisions_to_the_last_one(line: Line) -> None:
    assert cnncalc.analyze(line["name"]).totals.params == int(line["params"])


@pytest.mark.parametrize("line", TORCHVISION)
def test_macs_are_torchvisions_to_three_decimals(line: Line) -> None:
    macs = cnncalc.analyze(line["name"]).totals.macs
    assert (Decimal(macs) / 10**9).quantize(Decimal("0.001")) == Decimal(line["gmacs"])


@pytest.mark.parametrize("line", TORCHVISION)
def test_the_smallest_input_that_torchvision_accepts_is_accepted(line: Line) -> None:
    smallest = line["smallest"]
    report = cnncalc.analyze(line["name"], input=[f"H={smallest}", f"W={smallest}"])
    assert list(report.output_shapes.values()) == [(1000,)]


@pytest.mark.parametrize("line", titled([row for row in lines("torchvision.csv") if row["smallest"] != "1"], "name"))
def test_an_input_one_smaller_than_torchvisions_smallest_is_refused(line: Line) -> None:
    too_small = int(line["smallest"]) - 1
    with pytest.raises(cnncalc.SpecError, match=r"window \d is larger than the (padded )?input \d"):
        cnncalc.analyze(line["name"], input=[f"H={too_small}", f"W={too_small}"])


@pytest.mark.parametrize("line", titled(lines("keras.csv"), "name", "width"))
def test_params_and_buffers_together_are_keras_total_params(line: Line) -> None:
    report = cnncalc.analyze(line["name"], set={"width": line["width"]} if line["width"] else None)
    together = report.totals.params + report.totals.buffers
    assert together + int(line["preprocessing"]) == int(line["total"])


def report_of(line: Line) -> cnncalc.Report:
    return cnncalc.analyze(line["spec"], input=line["input"] or ())


PAPERS = lines("papers.csv")


@pytest.mark.parametrize("line", titled([row for row in PAPERS if row["out"]], "spec", "row", "out"))
def test_output_is_the_papers(line: Line) -> None:
    report = report_of(line)
    shape = report[line["path"]].output_shape if line["path"] else next(iter(report.output_shapes.values()))
    assert shape == sizes(line["out"])


@pytest.mark.parametrize("line", titled([row for row in PAPERS if row["params"]], "spec", "row"))
def test_params_are_the_papers(line: Line) -> None:
    report = report_of(line)
    params = report[line["path"]].params if line["path"] else report.totals.params
    assert params == int(line["params"])


@pytest.mark.parametrize("line", titled([row for row in PAPERS if row["connections"]], "spec", "row"))
def test_macs_and_one_bias_for_each_output_value_are_the_papers_connections(line: Line) -> None:
    row = report_of(line)[line["path"]]
    assert row.macs + row.elements == int(line["connections"])


def test_every_row_of_the_u_net_figure_is_checked() -> None:
    # 18 convolutions of 3x3, 4 poolings, 4 up-convolutions with a concatenation each, and the last 1x1.
    assert sum(line["spec"] == "unet" for line in PAPERS) == 18 + 4 + 2 * 4 + 1


def copies(report: cnncalc.Report, path: str) -> int:
    """How often the line stands there: 1 where it is not repeated."""
    number = 0
    try:
        while report[f"{path}.{number + 1}"]:
            number += 1
    except KeyError:
        return number or 1


@pytest.mark.parametrize("line", titled(lines("paper_inputs.csv"), "spec", "row"))
def test_what_enters_and_leaves_a_row_is_the_papers(line: Line) -> None:
    report = cnncalc.analyze(line["spec"])
    row = report[line["path"]]
    assert row.layers[0].input_shapes == (sizes(line["enters"]),)
    assert row.output_shape[0] == int(line["channels"])
    assert copies(report, line["path"]) == int(line["layers"])


@pytest.mark.parametrize(
    ("row", "neurons"),
    [
        ("conv2", 186_624),
        ("conv3", 64_896),
        ("conv4", 64_896),
        ("conv5", 43_264),
        ("fc6", 4096),
        ("fc7", 4096),
        ("fc8", 1000),
    ],
)
def test_elements_are_the_alexnet_papers_neurons(row: str, neurons: int) -> None:
    assert cnncalc.analyze("alexnet")[row].elements == neurons  # Krizhevsky et al. 2012, Fig. 2 caption


def test_the_alexnet_papers_first_neuron_count_is_its_mistake() -> None:
    report = cnncalc.analyze("alexnet")
    assert report["conv1"].elements == 290_400  # 96*55*55
    assert 55 * 48 * 96 == 253_440  # what the paper prints
    # The caption's list with the right first number; the paper rounds it to 650,000.
    rows = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    assert sum(report[row].elements for row in rows) == 659_272


def test_resnet_50_as_in_the_paper_has_the_papers_macs() -> None:
    text = (ARCHITECTURES / "resnet50.yaml").read_text("utf-8")
    paper = text.replace("conv: c, kernel: 1}", "conv: c, kernel: 1, stride: stride}")
    paper = paper.replace("kernel: 3, stride: stride}", "kernel: 3}")
    totals = cnncalc.analyze(text=paper).totals
    assert totals.params == 25_557_032
    # He et al. 2015, Table 1: 3.8e9, which is 3.8580e9 cut off.
    assert (Decimal(totals.macs) / 10**9).quantize(Decimal("0.0001")) == Decimal("3.8580")


def test_mobilenet_v2_without_bn_and_bias_has_the_papers_weights() -> None:
    report = cnncalc.analyze("mobilenet_v2")
    # Sandler et al. 2018, Table 4: 3.4M params, 300M multiply-adds.
    weights = sum(prod(x.weight_shapes["weight"]) for x in report.layers if x.kind in ("conv", "depthwise", "fc"))
    assert weights == 3_469_760
    assert (Decimal(report.totals.macs) / 10**6).quantize(Decimal("0.01")) == Decimal("300.77")


def test_googlenet_with_the_papers_5x5_filters_has_the_papers_weights() -> None:
    report = cnncalc.analyze("googlenet", set={"k5": 5})
    # Szegedy et al. 2014, Table 1: the exact sum of its filters and the last layer, without biases.
    assert sum(prod(x.weight_shapes["weight"]) for x in report.layers if x.kind in ("conv", "fc")) == 6_990_272


def test_torchvisions_own_alexnet_is_another_network_with_its_own_figures() -> None:
    totals = cnncalc.analyze(text=TORCHVISION_ALEXNET).totals
    assert totals.params == 61_100_840  # torchvision 0.28, models/alexnet.py
    assert totals.macs == 714_188_480  # published as 0.714 GMACs


@pytest.mark.parametrize(
    ("name", "flops"),
    [
        ("vgg16", 30_940_528_640),  # darknet's ops line for the same network
        ("alexnet", 1_448_813_632),  # torch's FlopCounterMode
        ("resnet18", 3_628_146_688),  # torch's FlopCounterMode
    ],
)
def test_flops_are_those_of_a_counter_that_counts_two_for_each_mac(name: str, flops: int) -> None:
    assert cnncalc.analyze(name).totals.flops == flops
