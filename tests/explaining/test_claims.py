"""What is said about a claim that does not hold, beside the two figures."""

import pytest

import cnncalc
from cnncalc.analysis.claims import compare_claims
from cnncalc.explaining.claims import FailedClaims

ALEXNET = """\
input: {C: 3, H: 227, W: 227}
layers:
- {name: conv1, conv: 96, kernel: 11, stride: 4, activation: relu}
- {name: pool1, maxpool: 3, stride: 2}
- {name: conv2, conv: 256, kernel: 5, padding: 2, groups: 2, norm: bn, activation: relu}
- {name: two, conv: 8, kernel: 1, repeat: 2}
- {name: five, conv: 8, kernel: 1, repeat: 5}
- flatten
- {name: fc, fc: 10}
"""
# conv1 11*11*3*96 + 96 = 34,944, 34,848 without biases; macs 55*55*96*11*11*3 = 105,415,200.
# All together 403,730 params.
# conv2 5*5*48*256 + 256 = 307,456, bn 2*256 = 512. two 256*8 + 8 = 2,056 and 8*8 + 8 = 72. fc 5832*10 + 10 = 58,330.


def explained(claims: str, **options: object) -> list[str]:
    """What is said about the claims of `expect:` that do not hold."""
    report = cnncalc.analyze(text=f"{ALEXNET}expect: {claims}\n", **options)  # type: ignore[arg-type]
    failed = [comparison for comparison in compare_claims(report) if not comparison.holds]
    assert failed
    return [part for comparison in failed for part in FailedClaims(report).reasons(comparison)]


EXPLAINED = {
    "params of a layer": (
        "{layers: {conv1: {params: 34945}}}",
        ["params = K_h·K_w·C_in·filters + filters = 11·11·3·96 + 96 = 34,944"],
    ),
    "params without biases": (
        "{layers: {conv1: {params: 34848}}}",
        [
            "params = K_h·K_w·C_in·filters + filters = 11·11·3·96 + 96 = 34,944",
            "34848 is the count without the biases",
        ],
    ),
    "params of a layer with its norm": (
        "{layers: {conv2: {params: 307456}}}",
        ["307,456 of conv2 + 512 of conv2/bn", "307456 is the count without the normalisation"],
    ),
    "params of two copies": ("{layers: {two: {params: 2057}}}", ["2,056 of two.1 + 72 of two.2"]),
    "params of many copies": ("{layers: {five: {params: 361}}}", []),
    "macs of a layer, doubled": (
        "{layers: {conv1: {macs: 210830400}}}",
        [
            "macs = out·K_h·K_w·C_in = 290,400·11·11·3 = 105,415,200",
            "210830400 is the count with MACs and FLOPs confused",
        ],
    ),
    "flops of a layer": (
        "{layers: {conv1: {flops: 105415201}}}",
        ["flops = 2·macs = 2·105,415,200 = 210,830,400"],
    ),
    # 2*1,000,000: the MACs are wrong, what follows from them is not
    "flops that follow from the macs": (
        "{layers: {conv1: {flops: 2000000, macs: 1000000}}}",
        [
            "flops = 2·macs = 2·105,415,200 = 210,830,400",
            "2000000 follows from what else is claimed of conv1",
            "macs = out·K_h·K_w·C_in = 290,400·11·11·3 = 105,415,200",
        ],
    ),
    # 5832*10 = 58,320 without the biases rounds to 58,000, too
    "a rounded number of which a mistake would be written the same": (
        "{layers: {fc: {params: 58000}}}",
        [
            "params = C_in·features + features = 5,832·10 + 10 = 58,330",
            "plain digits are exact: write 58K for a rounded number",
        ],
    ),
    "an axis": (
        "{layers: {conv1: {out: 96x54x55}}}",
        [],
    ),
    "both axes": (
        "{layers: {conv1: {out: 96x54x54}}}",
        [
            "height = ⌊(H + 2P − K)/S⌋ + 1 = ⌊(227 + 2·0 − 11)/4⌋ + 1 = 216/4 + 1 = 54 + 1 = 55 "
            "(exact: nothing is left over)",
            "96x54x54 is the shape for another common input size, or without the + 1 at the end",
        ],
    ),
    "the channels only": ("{layers: {conv1: {out: 3x55x55}}}", ["3x55x55 is the shape with the channels of the input"]),
    "half the channels of a network without towers": ("{layers: {conv1: {out: 48x55x55}}}", []),
    "a receptive field": (
        "{layers: {conv2: {receptive_field: 5}}}",
        [
            "height, receptive field = r_in + (E − 1)·j_in = 19 + (5 − 1)·8 = 51",
            "5 is the field for this layer alone",
        ],
    ),
    "a figure in bytes, which no way of counting operations gives": ("{weights_memory: 1614916B}", []),
    "a rounded total that looks like the actual one": ("{params: 405K}", ["to as many digits it is 404K"]),
    "a rounded total with decimals": ("{params: 0.41M}", ["to as many digits it is 0.40M"]),
    "a start": ("{layers: {conv2: {start: 0}}}", ["height, start = start_in − P·j_in = 0 − 2·8 = −16"]),
    "a total of the convolutions only": ("{macs: 331136928}", ["331136928 would be MACs of the convolutions only"]),
    "a rounded total in plain digits": (
        "{params: 404000}",
        ["plain digits are exact: write 404K for a rounded number"],
    ),
    "a total that nothing gives": ("{params: 123457}", []),
    "a total of nothing": ("{params: 0}", []),
    "a limit": ("{params: {max: 34848}}", []),
    "a claim that cannot be compared": ("{layers: {conv1: {peak_memory: 1}}}", []),
    "elements": ("{layers: {conv1: {elements: 5}}}", []),
    "bytes that follow from the elements": (
        "{elements: 12345, output_memory: 49380}",  # 4*12,345
        ["49380 follows from what else is claimed of the network"],
    ),
    "bytes of the weights": (
        "{layers: {conv2: {weights_memory: 1229824}}}",  # 4*307,456, without the 4*2*512 of bn
        ["1,229,824 of conv2 + 4,096 of conv2/bn", "1229824 is the count without the normalisation"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "expected"), EXPLAINED.values(), ids=EXPLAINED)
def test_a_failed_claim_is_explained(claims: str, expected: list[str]) -> None:
    assert explained(claims) == expected


@pytest.mark.parametrize(
    ("written", "suggested"),
    [("2500000", "2.5M"), ("3000000", "3M"), ("2517000", None), ("2517000000", None), ("2516", None)],
)
def test_a_rounded_number_is_written_with_the_suffix_that_keeps_its_digits(written: str, suggested: str | None) -> None:
    # A vector of 1,258 into 2,000 outputs: 1258*2000 = 2,516,000 weights, which rounds to 2.5M and to 3M.
    text = f"input: {{C: 1258}}\nlayers: [{{fc: 2000, bias: false}}]\nexpect: {{params: {written}}}\n"
    report = cnncalc.analyze(text=text)
    (comparison,) = compare_claims(report)
    said = [part for part in FailedClaims(report).reasons(comparison) if part.startswith("plain digits")]
    assert said == ([f"plain digits are exact: write {suggested} for a rounded number"] if suggested else [])


def test_figures_of_a_batch_are_explained_with_it() -> None:
    # two inputs with the 290,400 additions of biases each: 2*(105,415,200 + 290,400)
    assert explained("{layers: {conv1: {macs: 211411200}}}", batch=2) == [
        "macs = per_input·batch = 105,415,200·2 = 210,830,400",
        "211411200 is the count with the additions of the biases",
    ]
    # one input's: it does not come from a mistake in one layer
    assert explained("{layers: {conv1: {macs: 105415200}}}", batch=2)[1:] == [
        "105415200 is the count with MACs and FLOPs confused"
    ]


def test_bytes_are_explained_by_the_number_format() -> None:
    # 96*55*55 = 290,400 values of two bytes, claimed with four
    assert explained("{layers: {conv1: {output_memory: 1161600}}}", dtype="fp16") == [
        "1161600 is the count with another number of bytes for a value"
    ]


def test_a_count_by_the_rules_of_another_tool_is_not_explained_by_ours() -> None:
    # our FLOPs at one position only: 2*11*11*3*96 = 69,696
    assert explained("{layers: {conv1: {flops: 69696}}}", profile="macs") == []


def test_a_claim_that_follows_from_a_wrong_one_above_says_so() -> None:
    layers = """\
input: {C: 3, H: 32, W: 32}
layers:
- {name: conv1, conv: 32, kernel: 3, padding: 1, activation: relu, out: 32x30x30}
- {name: pool1, maxpool: 2, out: 32x15x15}
- {name: pool2, maxpool: 2, out: 32x6x6}
"""
    # 32 - 3 + 2 + 1 = 32, 30 without the padding; 30/2 = 15; (15 - 2)//2 + 1 = 7, 6 without the + 1
    report = cnncalc.analyze(text=layers)
    failed = [comparison for comparison in compare_claims(report) if not comparison.holds]
    told = [list(FailedClaims(report).reasons(comparison))[-1] for comparison in failed]
    assert told == [
        "32x30x30 is the shape without the padding",
        "32x15x15 follows from what is claimed of conv1",
        "32x6x6 is the shape without the + 1 at the end, or with the kernel added and the last term subtracted, "
        "by the claims above",
    ]


def test_a_total_that_follows_from_wrong_claims_above_says_so() -> None:
    text = """\
input: {C: 3, H: 32, W: 32}
layers:
- {name: conv1, conv: 32, kernel: 3, params: 864}
- flatten
- {name: fc, fc: 10, params: 288010}
expect: {params: 288874}
"""
    # 3*3*3*32 = 864 without its 32 biases; 32*30*30*10 + 10 = 288,010; 864 + 288,010
    report = cnncalc.analyze(text=text)
    failed = [comparison for comparison in compare_claims(report) if not comparison.holds]
    told = [list(FailedClaims(report).reasons(comparison))[-1] for comparison in failed]
    assert told == ["864 is the count without the biases", "288874 follows from what is claimed of the layers above"]


def test_each_of_two_claims_of_a_figure_is_explained() -> None:
    # 11*11*3*96 without biases, and with one for each kernel: 34,848 + 3*96
    text = ALEXNET.replace("stride: 4,", "stride: 4, params: 34848,") + "expect: {layers: {conv1: {params: 35136}}}\n"
    report = cnncalc.analyze(text=text)
    told = [list(FailedClaims(report).reasons(comparison))[-1] for comparison in compare_claims(report)]
    assert told == [
        "34848 is the count without the biases",
        "35136 is the count with a bias for each channel of each filter",
    ]
