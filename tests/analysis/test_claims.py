"""Claims beside what comes out: for every figure, of the network and of its layers."""

import pytest

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.claims import Comparison, compare_claims
from cnncalc.language.model import Claim
from cnncalc.language.nodes import ScalarNode

NET = """\
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3, stride: 2, padding: 1, norm: bn}
- {name: twice, conv: 4, kernel: 1, repeat: 2}
- flatten
- {fc: 10}
"""
# Values: conv 4x4x4 = 64, its bn 64, twice 2*64, flatten 64, fc 10. Params: conv 3*3*3*4 + 4 = 112, bn 2*4 = 8 and as
# many buffers, twice 2*(4*4 + 4) = 40, fc 64*10 + 10 = 650.


def compared(text: str, **options: object) -> tuple[Comparison, ...]:
    return compare_claims(cnncalc.analyze(text=text, **options))  # type: ignore[arg-type]


def claiming(expect: str, net: str = NET, **options: object) -> Comparison:
    """The only claim of a network with this `expect:`."""
    (comparison,) = compared(f"{net}expect: {expect}\n", **options)
    return comparison


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        pytest.param("{params: 810}", True, id="plain digits are exact"),
        pytest.param("{params: 809}", False, id="one less is not exact"),
        pytest.param("{params: 0.81K}", True, id="two digits are met by 805 to 815"),
        pytest.param("{params: 0.8K}", True, id="one digit by 750 to 850"),
        pytest.param("{params: 0.80K}", False, id="two digits are not met by 810 where 0.80 is written"),
        pytest.param("{macs: 2.9K}", True, id="2,880 is 2.9K"),
        pytest.param("{macs: 2.8K}", False, id="2,880 is not 2.8K cut off"),
        pytest.param("{macs: {max: 2880}}", True, id="a maximum may be met"),
        pytest.param("{macs: {max: 2879}}", False, id="a maximum may not be passed"),
        pytest.param("{macs: {max: 2.8K}}", False, id="a budget has no tolerance"),
        pytest.param("{macs: {min: 2880}}", True, id="a minimum may be met"),
        pytest.param("{macs: {min: 2881}}", False, id="a minimum may not be missed"),
        pytest.param("{peak_memory: {max: 1KiB}}", True, id="1,024 bytes are 1 KiB"),
        pytest.param("{peak_memory: {max: 1KB}}", False, id="and more than 1 KB"),
        pytest.param("{intensity: 0.87}", True, id="a fraction to its digits"),
        pytest.param("{out: [10]}", True, id="a shape as a list"),
        pytest.param("{out: 10x1x1}", False, id="a vector is no map of one pixel"),
        pytest.param("{receptive_field: 8}", True, id="one size is for every axis"),
        pytest.param("{receptive_field: 8x8x8}", False, id="a size for an axis too many"),
        pytest.param("{layers: {conv: {out: 4}}}", False, id="but not in a shape"),
        pytest.param("{layers: {conv: {start: -1x-1}}}", True, id="a size for each axis"),
        pytest.param("{layers: {conv: {start: -1x0}}}", False, id="of which one is wrong"),
        pytest.param("{layers: {twice: {params: 40}}}", True, id="a repeated row means the total"),
        pytest.param("{layers: {twice: {params: 20}}}", False, id="not one copy"),
        pytest.param("{layers: {twice.2: {params: 20}}}", True, id="a copy is a row of its own"),
        pytest.param("{layers: {conv/bn: {params: 8}}}", True, id="so is a layer inside a row"),
        pytest.param(
            "{layers: {twice: {out: 4x4x4}}}", True, id="the shape of a repeated row is that of its last copy"
        ),
    ],
)
def test_a_claim_is_true_to_the_digits_that_are_written(claim: str, holds: bool) -> None:
    comparison = claiming(claim)
    assert comparison.holds is holds
    assert comparison.reason == ""


def test_a_line_claims_what_it_says_and_a_claim_knows_its_place() -> None:
    text = NET.replace("repeat: 2}", "repeat: 2, out: 4x4x4, params: 41}") + "expect: {macs: 2880}\n"
    assert [(c.line, c.column, c.claim.layer, c.claim.figure, c.holds) for c in compared(text)] == [
        (4, 53, "twice", "out", True),
        (4, 68, "twice", "params", False),
        (7, 16, "", "macs", True),
    ]


def test_a_claim_in_a_block_is_compared_at_every_use() -> None:
    text = "input: 3x8x8\nblocks:\n  b(c): [{conv: c, kernel: 1, params: 4}]\nlayers: [{b: 1}, {b: 2}]\n"
    # 3*1 + 1 = 4, and 1*2 + 2 = 4; with 3 filters 1*3 + 3 = 6.
    assert [(c.claim.layer, c.actual, c.holds) for c in compared(text)] == [("b1/conv", 4, True), ("b2/conv", 4, True)]
    assert [c.holds for c in compared(text.replace("{b: 2}", "{b: 3}"))] == [True, False]


def test_shapes_are_in_the_order_of_the_layout() -> None:
    text = "layout: HWC\ninput: 8x6x3\nlayers:\n- {name: a, conv: 4, kernel: 3}\n"
    assert claiming("{out: 6x4x4, }", text).holds
    assert claiming("{out: 4x6x4}", text).actual == (6, 4, 4)
    assert claiming("{receptive_field: 3x3}", text).holds


def test_figures_are_those_of_the_report_as_it_stands() -> None:
    assert claiming("{macs: 23040}", batch=8).holds  # 8*2880
    assert claiming("{params: 810}", batch=8).holds
    assert claiming("{weights_memory: 1636}", dtype="fp16").holds  # 2*818
    assert claiming("{training_memory: 14312}", optimizer="adam").holds  # 7832 and 2 values more for each param
    # ptflops: macs, biases 64 + 128 + 10, bn 2*64
    assert claiming("{flops: 3210}", profile="ptflops").holds


TWO_OUTPUTS = (
    "input: 3x8x8\nlayers:\n- {name: a, conv: 4, kernel: 3}\n- {name: b, conv: 4, kernel: 3}\noutputs: [a, b]\n"
)
TWO_INPUTS = (
    "inputs: {left: 1x8x8, right: 1x8x8}\nlayers:\n- {name: l, from: left, conv: 1, kernel: 3, padding: 1}\n"
    "- {name: r, from: right, conv: 1, kernel: 5, padding: 2}\n- {add: [l, r]}\n"
)


@pytest.mark.parametrize(
    ("net", "claim", "reason"),
    [
        pytest.param(TWO_OUTPUTS, "{out: 4x6x6}", "the outputs differ (a 4x6x6, b 4x4x4); claim each under layers:",
                     id="the shape of outputs that differ"),
        pytest.param(TWO_OUTPUTS, "{receptive_field: 3}", "the outputs differ (a 3x3, b 5x5); claim each under layers:",
                     id="the field of outputs that differ"),
        pytest.param(TWO_INPUTS, "{receptive_field: 3}", "it is not the same for every input (left 3x3, right 5x5)",
                     id="the field of two inputs that are seen differently"),
        pytest.param(NET, "{jump: 2}", "the whole input is seen, which has no jump", id="the jump of the whole input"),
        pytest.param(NET, "{start: 0}", "the whole input is seen, which has no start", id="its start"),
        pytest.param(NET, "{layers: {conv: {peak_memory: 1024}}}",
                     "it is a figure of the whole network, not of a layer", id="the peak of a layer"),
        pytest.param(NET, "{layers: {fc: {training_memory: 1KB}}}",
                     "it is a figure of the whole network, not of a layer", id="what a layer needs for training"),
        pytest.param("input: {C: 8}\nlayers: [{fc: 4}]\n", "{receptive_field: 8}",
                     "input is a vector, which has no axes to see along", id="the field of a vector"),
        pytest.param("input: 1x8x8\nlayers:\n- {branches: [[{adaptive_avgpool: 4}], [{conv: 1, kernel: 5}]]}\n",
                     "{receptive_field: 5}", "paths of different jump meet here", id="a field that is not known"),
    ],
)  # fmt: skip
def test_a_claim_about_what_is_not_known_does_not_hold(net: str, claim: str, reason: str) -> None:
    comparison = claiming(claim, net)
    assert (comparison.actual, comparison.holds, comparison.reason) == (None, False, reason)


@pytest.mark.parametrize(
    "claim", ["{flops: 0}", "{flops: {min: 0}}", "{intensity: {max: 1T}}", "{layers: {l: {flops: 0}}}"]
)
def test_a_lower_bound_of_a_profile_is_not_known(claim: str) -> None:
    net = "input: 3x8x8\nlayers:\n- {name: l, lrn: 5}\n"
    comparison = claiming(claim, net, profile="thop")
    assert (comparison.actual, comparison.holds) == (None, False)
    assert comparison.reason.startswith("under thop it is not known: ")
    assert claiming("{macs: 0}", net, profile="thop").holds


def test_outputs_that_agree_are_claimed_together() -> None:
    assert claiming("{out: 4x6x6}", TWO_OUTPUTS.replace("conv: 4, kernel: 3}\noutputs", "relu: }\noutputs")).holds
    assert claiming("{receptive_field: 3}", TWO_INPUTS.replace("kernel: 5, padding: 2", "kernel: 3, padding: 1")).holds


def with_claim(claim: Claim) -> Comparison:
    """A claim that no reader of specs lets through, on a network made by hand."""
    network = cnncalc.analyze(text=NET).network._replace(claims=(claim,))
    (comparison,) = compare_claims(analyze_network(network))
    return comparison


AT = ScalarNode("7", 2, 4)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim(AT, "weights", "", "exact", 7), "there is no figure 'weights'"),
        (Claim(AT, "params", "conv9", "exact", 7), "there is no layer 'conv9'"),
    ],
)
def test_a_claim_about_nothing_does_not_hold(claim: Claim, reason: str) -> None:
    assert with_claim(claim) == Comparison(claim, None, False, reason)


@pytest.mark.parametrize(
    "claim", [Claim(AT, "params", "", "exact", (810,)), Claim(AT, "out", "", "exact", 10)], ids=["sizes", "a number"]
)
def test_a_number_is_no_shape(claim: Claim) -> None:
    assert not with_claim(claim).holds


def test_without_claims_there_is_nothing_to_compare() -> None:
    assert compared(NET) == ()
