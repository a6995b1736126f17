"""The bundled architectures against rows that others published, copied with their sources."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from math import prod
from pathlib import Path

import pytest
from bundled import report_of, text_of
from every import for_every

import cnncalc

Line = dict[str, str]


def lines(name: str) -> list[Line]:
    """The rows of a published table."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert all(line["source"] for line in found)
    return found


def every(found: list[Line], *names: str) -> Callable[[Callable[[Line], None]], Callable[[], None]]:
    """Makes one test of all rows; these columns name one of them."""
    return for_every(found, lambda line: " ".join(filter(None, (line[name] for name in names))))


def sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("x")))


# torchvision 0.28: params and GMACs are those of its own tables; the buffers are counted in its modules by torch 2.13
# (on the meta device), without num_batches_tracked
# and the indices and distances of relative positions, which follow from the settings.
TORCHVISION = lines("torchvision.csv")

AUXILIARY = """\
- {name: logits, fc: 1000}
- name: aux
  from: 6e
  sequence: [{avgpool: 5, stride: 3}, {conv: 128, kernel: 1}, {conv: 768, kernel: 5, padding: 0}, global_avgpool,
             flatten, {fc: 1000}]
outputs: [logits, aux]
"""


def as_torchvision_counts(name: str) -> cnncalc.Report:
    """The network with what torchvision counts beside it: the auxiliary classifier of inception_v3."""
    if name != "inception_v3":
        return report_of(name)
    text, replaced = re.subn(r"^- \{fc: 1000\}\nexpect: .*\n\Z", AUXILIARY, text_of(name), flags=re.M)
    assert replaced == 1
    return cnncalc.analyze(text=text)


@every(TORCHVISION, "name")
def test_params_are_torchvisions_to_the_last_one(line: Line) -> None:
    assert as_torchvision_counts(line["name"]).totals.params == int(line["params"])


@every(TORCHVISION, "name")
def test_buffers_are_those_of_torchvisions_modules(line: Line) -> None:
    assert as_torchvision_counts(line["name"]).totals.buffers == int(line["buffers"])


@every(TORCHVISION, "name")
def test_macs_are_torchvisions_to_three_decimals(line: Line) -> None:
    macs = report_of(line["name"]).totals.macs
    assert (Decimal(macs) / 10**9).quantize(Decimal("0.001")) == Decimal(line["gmacs"])


def test_the_auxiliary_classifier_is_what_torchvision_adds_to_inception_v3() -> None:
    with_head, without = as_torchvision_counts("inception_v3"), report_of("inception_v3")
    assert with_head["aux"].params == 3_326_696  # 98,560 + 2,459,136 + 769,000, by the notes of the spec
    assert with_head.totals.macs - with_head["aux"].macs == without.totals.macs
    assert with_head.output_shapes == {"logits": (1000,), "aux": (1000,)}


def test_every_classifier_of_torchvision_is_bundled() -> None:
    assert len({line["name"] for line in TORCHVISION}) == 80


@every(TORCHVISION, "name")
def test_the_smallest_input_that_torchvision_accepts_is_accepted(line: Line) -> None:
    report = report_of(line["name"], f"H={line['smallest']} W={line['smallest']}")
    assert list(report.output_shapes.values()) == [(1000,)]


# The attention models are made for one size.
@every([row for row in TORCHVISION if 1 < int(row["smallest"]) < 224], "name")
def test_an_input_one_smaller_than_torchvisions_smallest_is_refused(line: Line) -> None:
    too_small = int(line["smallest"]) - 1
    with pytest.raises(cnncalc.SpecError, match=r"window \d is larger than the (padded )?input \d"):
        report_of(line["name"], f"H={too_small} W={too_small}")


@every(lines("keras.csv"), "name", "width")
def test_params_and_buffers_together_are_keras_total_params(line: Line) -> None:
    totals = report_of(line["name"], variables=line["width"] and f"width={line['width']}").totals
    assert totals.params + totals.buffers + int(line["correction"]) == int(line["total"])


UNITS = {"": 0, "K": 3, "M": 6, "G": 9, "B": 9}


def is_printed(actual: int, text: str) -> bool:
    """Whether a paper's number is this one rounded: `14208` as it is, `133M` and `1.8e9` to their digits."""
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?(?:e(\d+)|([KMGB]?))", text)
    assert match
    whole, decimals, exponent, unit = match.groups(default="")
    power = int(exponent) if exponent else UNITS[unit]
    written = Decimal(whole + decimals).scaleb(power - len(decimals))
    unit_of_last_digit = Decimal(0) if text.isdigit() else Decimal(1).scaleb(power - len(decimals))
    return abs(actual - written) <= unit_of_last_digit / 2


def report_for(line: Line) -> cnncalc.Report:
    return report_of(line["spec"], line["input"], line["set"])


def figure_of(line: Line, figure: str) -> int:
    report = report_for(line)
    value: int = getattr(report[line["path"]] if line["path"] else report.totals, figure)
    return value


def shape_of(line: Line) -> tuple[int, ...]:
    report = report_for(line)
    return report[line["path"]].output_shape if line["path"] else next(iter(report.output_shapes.values()))


PAPERS = lines("papers.csv")


@every([row for row in PAPERS if row["out"]], "spec", "row", "out")
def test_output_is_the_papers(line: Line) -> None:
    assert shape_of(line) == sizes(line["out"])


@every(PAPERS, "spec", "row")
def test_figures_are_the_papers_to_the_digits_it_prints(line: Line) -> None:
    for figure in filter(line.get, ("params", "macs", "connections", "elements")):
        assert is_printed(figure_of(line, figure), line[figure]), figure


@every(lines("paper_mistakes.csv"), "spec", "row", "figure")
def test_where_a_paper_is_not_exact_its_notes_explain_it(line: Line) -> None:
    if line["figure"] == "out":
        assert shape_of(line) == sizes(line["actual"]) != sizes(line["printed"])
    else:
        actual = figure_of(line, line["figure"])
        assert actual == int(line["actual"])
        assert not is_printed(actual, line["printed"])
    assert line["noted"] in " ".join(text_of(line["spec"]).split())


@pytest.mark.parametrize(
    ("text", "accepted", "refused"),
    [
        ("14208", 14_208, 14_209),
        ("133M", 132_500_000, 133_500_001),
        ("1.8e9", 1_750_000_000, 1_749_999_999),
        ("0.70B", 695_000_000, 686_802_832),
        ("2.7K", 2_749, 2_751),
    ],
)
def test_a_printed_number_is_true_to_its_digits(text: str, accepted: int, refused: int) -> None:
    assert is_printed(accepted, text)
    assert not is_printed(refused, text)


def test_every_row_of_the_u_net_figure_is_checked() -> None:
    # 18 convolutions of 3x3, 4 poolings, 4 up-convolutions with a concatenation each, and the last 1x1.
    assert sum(line["spec"] == "unet" for line in PAPERS) == 18 + 4 + 2 * 4 + 1


def copies(report: cnncalc.Report, path: str) -> int:
    """How often the line is repeated: 1 if it is not."""
    number = 0
    with suppress(KeyError):
        while report[f"{path}.{number + 1}"]:
            number += 1
    return number or 1


@every(lines("paper_inputs.csv"), "spec", "row")
def test_what_enters_and_leaves_a_row_is_the_papers(line: Line) -> None:
    report = report_of(line["spec"])
    row = report[line["path"]]
    assert row.layers[0].input_shapes == (sizes(line["enters"]),)
    assert row.output_shape[0] == int(line["channels"])
    assert copies(report, line["path"]) == int(line["layers"])


def test_the_alexnet_papers_first_neuron_count_is_its_mistake() -> None:
    report = report_of("alexnet")
    assert report["conv1"].elements == 290_400  # 96*55*55
    assert 55 * 48 * 96 == 253_440  # what the paper prints
    # The caption's list with the right first number; the paper rounds it to 650,000.
    rows = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    assert sum(report[row].elements for row in rows) == 659_272
    assert "650,000 in all, which are 659,272 with these" in " ".join(report.network.notes.split())


def test_configuration_c_of_vgg_has_1x1_convolutions_where_d_has_3x3() -> None:
    text = text_of("vgg16")
    for number, filters in ((3, 256), (4, 512), (5, 512)):
        line = f"- {{name: conv{number}, conv: {filters}, kernel: 3, repeat: 3}}\n"
        assert text.count(line) == 1
        one = f"- {{conv: {filters}, kernel: 1, padding: 0}}\n"
        text = text.replace(line, line.replace("repeat: 3", "repeat: 2") + one)
    params = cnncalc.analyze(text=text).totals.params
    assert params == 133_638_952  # VGG-16 less 8*(256*256 + 2*512*512)
    assert is_printed(params, "134M")  # Simonyan & Zisserman 2014, Table 2, C


def test_the_shallow_mobilenet_lacks_its_five_equal_layers() -> None:
    line = "- {separable: 512, repeat: 5,                                          out: 512x14x14}\n"
    assert text_of("mobilenet_v1").count(line) == 1
    totals = cnncalc.analyze(text=text_of("mobilenet_v1").replace(line, "")).totals
    assert is_printed(totals.params, "2.9M")  # Howard et al. 2017, Table 5
    assert is_printed(totals.macs, "307M")


@pytest.mark.parametrize(
    ("name", "macs", "printed"),
    [
        ("resnet50", "3.8580", "3.8"),  # cut off
        ("resnet101", "7.5702", "7.6"),
        ("resnet152", "11.2824", "11.3"),
    ],
)
def test_deep_residual_networks_with_the_papers_strides_have_the_papers_macs(
    name: str, macs: str, printed: str
) -> None:
    text = text_of(name).replace("conv: c, kernel: 1}", "conv: c, kernel: 1, stride: stride}")
    text = text.replace("kernel: 3, stride: stride}", "kernel: 3}")
    totals = cnncalc.analyze(text=text).totals
    assert totals.params == report_of(name).totals.params
    exact = Decimal(totals.macs) / 10**9
    # He et al. 2015, Table 1, in billions
    assert exact.quantize(Decimal("0.0001")) == Decimal(macs)
    assert Decimal(printed) in (round(exact, 1), Decimal(int(exact * 10)) / 10)
    if name == "resnet50":
        assert totals == report_of("resnet50_v1").totals


@pytest.mark.parametrize(
    ("name", "widths", "params"),
    [
        ("regnet_x_400mf", {400: 384}, 5_157_512),
        ("regnet_y_800mf", {144: 128, 784: 768}, 6_263_168),
        ("regnet_y_8gf", {224: 168}, 39_180_068),
    ],
)
def test_regnets_that_torchvision_rounds_otherwise_have_the_authors_params_at_their_widths(
    name: str, widths: dict[int, int], params: int
) -> None:
    text = text_of(name)
    for ours, theirs in widths.items():
        # The line claims its output, 400x7x7, as well.
        text, changes = re.subn(rf"(stage: \[\d+, ){ours}(\],.*) {ours}x", rf"\g<1>{theirs}\2 {theirs}x", text)
        assert changes == 1
    assert cnncalc.analyze(text=text).totals.params == params  # those of pycls, by the notes
    assert f"{params:,}" in text


def weights(report: cnncalc.Report, *paths: str) -> int:
    """The weights of convolutions and fully connected layers, without biases and bn."""
    layers = [layer for path in paths for layer in report[path].layers] if paths else list(report.layers)
    return sum(prod(x.weight_shapes["weight"]) for x in layers if x.kind in ("conv", "depthwise", "fc"))


@pytest.mark.parametrize(
    ("name", "variables", "exact"),
    [
        ("mobilenet_v2", "", 3_469_760),  # Sandler et al. 2018, Table 4: 3.4M, cut off
        ("mobilenet_v1", "", 4_209_088),  # Howard et al. 2017, Table 4: 4.2M
        ("mobilenet_v1", "width=0.5", 1_319_648),  # Table 9: 1.32M
        ("googlenet", "k5=5", 6_990_272),  # Szegedy et al. 2014, Table 1: the exact sum of its filters
        ("googlenet_paper", "", 6_990_272),
    ],
)
def test_without_bn_and_bias_a_network_has_the_papers_weights(name: str, variables: str, exact: int) -> None:
    assert weights(report_of(name, variables=variables)) == exact


@pytest.mark.parametrize(
    ("paths", "printed", "weights_in_k", "params_in_k"),
    [
        # Szegedy et al. 2014, Table 1: weights and params over 1024; only these four rows are near what it prints.
        (("reduce2", "conv2"), 112, 112.0, 112.25),
        (("3a",), 159, 159.5, 159.859375),
        (("3b",), 380, 379.0, 379.625),
        (("fc",), 1000, 1000.0, 1000.9765625),
    ],
)
def test_some_rows_of_googlenets_table_count_k_as_1024(
    paths: tuple[str, ...], printed: int, weights_in_k: float, params_in_k: float
) -> None:
    report = report_of("googlenet_paper")
    assert weights(report, *paths) / 1024 == weights_in_k
    assert sum(report[path].params for path in paths) / 1024 == params_in_k
    assert printed in (int(weights_in_k), round(params_in_k))


@pytest.mark.parametrize(
    ("row", "printed", "exact"),
    [("4a", 364, 375_552), ("4b", 437, 448_512), ("4d", 580, 604_672), ("4e", 840, 867_328), ("5a", 1072, 1_042_432),
     ("5b", 1388, 1_442_816)],
)  # fmt: skip
def test_the_other_rows_of_googlenets_table_fit_neither_way_of_counting(row: str, printed: int, exact: int) -> None:
    report = report_of("googlenet_paper")
    assert weights(report, row) == exact
    for count in (exact, report[row].params):
        assert printed not in (count // 1000, round(count / 1000), count // 1024, round(count / 1024))


@pytest.mark.parametrize(
    ("name", "flops"),
    [
        ("vgg16", 30_940_528_640),  # darknet's ops line for the same network
        ("alexnet", 1_448_813_632),  # torch's FlopCounterMode
        ("resnet18", 3_628_146_688),  # torch's FlopCounterMode
    ],
)
def test_flops_are_those_of_a_counter_that_counts_two_for_each_mac(name: str, flops: int) -> None:
    assert report_of(name).totals.flops == flops
