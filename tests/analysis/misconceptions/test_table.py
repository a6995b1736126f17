"""Every misconception with a number that it gives, worked out by hand."""

import re
from functools import partial
from typing import Any, NamedTuple

import pytest
from analysis.misconceptions.one_layer import FIRST, explain_value
from layers import cases as layer_cases

import cnncalc
from cnncalc.analysis.misconceptions import MISTAKES
from cnncalc.analysis.misconceptions.borrowing import BORROWED, OF_WINDOW
from cnncalc.analysis.misconceptions.layer_figures import LayerFigures
from cnncalc.analysis.misconceptions.surroundings import Place, Seen
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.explain import explain
from cnncalc.explaining.figures import ASKED
from cnncalc.explaining.statement import Reading, Statement
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.shapes import Shape


def layer(kind: str, rank: int = 2, **settings: Any) -> Layer:
    return make(LAYERS[kind], rank, **settings)


def sized(channels: int, *spatial: int) -> Shape:
    return Shape(channels, spatial)


CONV1 = layer("conv", filters=96, kernel=11, stride=4)
ON_227 = (Shape(3, (227, 227)),)
CONV3X3 = layer("conv", filters=16, kernel=3, padding=1)
ON_32 = (Shape(3, (32, 32)),)
POOL = layer("maxpool", kernel=3, stride=2)
BN = layer("bn")
ON_BN = (Shape(96, (26, 26)),)
C3 = layer("conv", filters=2, kernel=5, connections=((0, 1), (1, 2, 3)))  # as LeNet-5's C3, which has 16 rows
LSTM = layer("lstm", 1, units=16)
ON_LSTM = (sized(8, 10),)

BEHIND_CONV1 = Place(above=CONV1)
BEHIND_5X5 = Place(above=layer("conv", filters=8, kernel=5))


class Case(NamedTuple):
    id: str
    layer: Layer
    inputs: tuple[Shape, ...]
    figure: str
    value: Value
    place: Place = FIRST
    seen: Seen | None = None
    unflattened: Shape | None = None


CASES = [
    Case("padding-forgotten", CONV3X3, ON_32, "out", sized(16, 30, 30)),  # 32 - 3 + 1
    Case("padding-once", layer("conv", filters=256, kernel=5, padding=2), (sized(96, 27, 27),), "out",
         sized(256, 25, 25)),  # 27 + 2 - 5 + 1
    Case("padding-added", layer("maxpool", kernel=2), ON_32, "out", sized(3, 17, 17)),  # (32 + 2 - 2)/2 + 1
    Case("plus-one-forgotten", POOL, (sized(96, 55, 55),), "out", sized(96, 26, 26)),  # (55 - 3)/2
    Case("plus-two", CONV3X3, ON_32, "out", sized(16, 33, 33)),  # (32 + 2 - 3)/1 + 2
    Case("ceil-for-floor", layer("conv", filters=96, kernel=11, stride=4, padding=2), (sized(3, 224, 224),), "out",
         sized(96, 56, 56)),  # 217/4 = 54.25, rounded up 55, + 1
    Case("floor-for-ceil", layer("maxpool", kernel=3, stride=2, rounding="ceil"), (sized(96, 110, 110),), "out",
         sized(96, 54, 54)),  # 107/2 = 53.5, rounded down 53, + 1
    Case("floor-for-ceil", layer("conv", 1, filters=8, kernel=3, stride=4, padding="same"), (sized(1, 30),), "out",
         sized(8, 7)),  # 30/4 = 7.5, rounded down
    Case("stride-ignored", POOL, (sized(96, 55, 55),), "out", sized(96, 53, 53)),  # 55 - 3 + 1
    Case("stride-is-kernel", POOL, (sized(256, 27, 27),), "out", sized(256, 9, 9)),  # (27 - 3)/3 + 1
    Case("stride-of-another-layer", POOL, (sized(256, 27, 27),), "out", sized(256, 7, 7),  # (27 - 3)/4 + 1
         BEHIND_CONV1),
    Case("kernel-of-another-layer", CONV3X3, (sized(8, 13, 13),), "out", sized(16, 11, 11),  # 13 + 2 - 5 + 1
         BEHIND_5X5),
    Case("kernel-of-another-layer", CONV3X3, (sized(8, 13, 13),), "params", 3216,  # 5*5*8*16 + 16
         BEHIND_5X5),
    Case("dilation-ignored", layer("conv", filters=8, kernel=3, dilation=2), (sized(1, 7, 7),), "out",
         sized(8, 5, 5)),  # 7 - 3 + 1; with the gaps the window spans 5
    Case("effective-kernel-wrong", layer("conv", filters=8, kernel=3, dilation=2), (sized(1, 16, 16),), "out",
         sized(8, 11, 11)),  # 16 - 2*3 + 1; right is 16 - 5 + 1
    Case("effective-kernel-wrong", layer("conv", filters=8, kernel=3, dilation=2), (sized(1, 16, 16),), "out",
         sized(8, 13, 13)),  # 16 - 2*(3 - 1) + 1
    Case("signs-swapped", layer("maxpool", kernel=2), ON_32, "out", sized(3, 15, 15)),  # (32 + 2)/2 - 2
    Case("size-kept", layer("conv", filters=8, kernel=3), ON_32, "out", sized(8, 32, 32)),
    Case("deconv-as-conv", layer("deconv", filters=8, kernel=2, stride=2), (sized(16, 28, 28),), "out",
         sized(8, 14, 14)),  # (28 - 2)/2 + 1; right is 27*2 + 2
    Case("deconv-step-too-many", layer("deconv", filters=8, kernel=2, stride=2), (sized(16, 28, 28),), "out",
         sized(8, 58, 58)),  # 28*2 + 2; right is 27*2 + 2
    Case("padding-not-cropped", layer("deconv", filters=8, kernel=4, stride=2, padding=1), (sized(16, 7, 7),), "out",
         sized(8, 18, 18)),  # 6*2 + 2 + 4; right is 6*2 - 2 + 4
    Case("output-padding-forgotten", layer("deconv", filters=8, kernel=3, stride=2, padding=1, output_padding=1),
         (sized(16, 7, 7),), "out", sized(8, 13, 13)),  # 6*2 - 2 + 3; right is one more
    Case("factor-forgotten", layer("upsample", factor=2), (sized(16, 14, 14),), "out", sized(16, 14, 14)),
    Case("factor-inverted", layer("upsample", factor=2), (sized(16, 14, 14),), "out", sized(16, 7, 7)),
    Case("size-kept", layer("global_avgpool"), (sized(16, 7, 7),), "out", sized(16, 7, 7)),
    Case("crop-forgotten", layer("concat", align="center"), (sized(64, 56, 56), sized(64, 64, 64)), "out",
         sized(128, 64, 64)),
    Case("kernel-as-square", layer("conv", filters=8, kernel=(1, 7)), (sized(3, 16, 16),), "params",
         1_184),  # 7*7*3*8 + 8; right is 1*7*3*8 + 8
    Case("kernel-as-square", layer("conv", filters=8, kernel=(1, 7)), (sized(3, 16, 16),), "out",
         sized(8, 10, 10)),  # 16 - 7 + 1 along both
    Case("wrong-input-size", layer("conv", filters=48, kernel=11, stride=4, padding="same"), (sized(3, 224, 224),),
         "out", sized(48, 55, 55)),  # (227 - 11)/4 + 1; right is 224/4
    Case("wrong-input-size", CONV1, ON_227, "out", sized(96, 54, 54)),  # (224 - 11)/4 + 1 = 54.25
    Case("height-width-swapped", CONV3X3, (sized(3, 32, 48),), "out", sized(16, 48, 32)),
    Case("height-width-swapped", layer("conv", filters=8, kernel=(1, 7)), (sized(3, 16, 16),), "out",
         sized(8, 10, 16)),  # 16 - 7 + 1 high where it is wide
    Case("channels-kept", CONV1, ON_227, "out", sized(3, 55, 55)),
    Case("channels-multiplied", CONV1, ON_227, "out", sized(288, 55, 55)),  # 96*3
    Case("channels-pooled", POOL, (sized(96, 55, 55),), "out", sized(48, 27, 27)),  # 96/2
    Case("one-tower-only", CONV1, ON_227, "params", 17_472, Place(towers=True)),  # 48*(11*11*3 + 1)
    Case("one-tower-only", layer("concat"), (sized(128, 13, 13), sized(128, 13, 13)), "out", sized(128, 13, 13),
         Place(towers=True)),
    Case("hwc-for-chw", CONV3X3, ON_32, "params", 4_624),  # 3*3*32*16 + 16: the width for the channels
    Case("flatten-without-channels", layer("flatten"), (sized(256, 6, 6),), "out", sized(36)),
    Case("flatten-without-an-axis", layer("flatten"), (sized(256, 6, 6),), "out", sized(1536)),  # 256*6
    Case("flatten-forgotten", layer("flatten"), (sized(256, 6, 6),), "out", sized(256, 6, 6)),
    Case("fc-without-flatten", layer("fc", features=10), (sized(9216),), "params", 2_570,  # 256*10 + 10
         Place(unflattened="map"), unflattened=sized(256, 6, 6)),
    Case("fc-without-flatten", layer("fc", features=10), (sized(9216),), "out", sized(10, 6, 6),
         Place(unflattened="map"), unflattened=sized(256, 6, 6)),
    Case("concat-not-summed", layer("concat"), (sized(64, 28, 28), sized(128, 28, 28)), "out", sized(64, 28, 28)),
    Case("add-summed", layer("add"), (sized(64, 28, 28), sized(64, 28, 28)), "out", sized(128, 28, 28)),
    Case("channels-left-out", CONV1, ON_227, "elements", 3_025),  # 55*55
    Case("bias-forgotten", CONV1, ON_227, "params", 34_848),  # 11*11*3*96
    Case("bias-added", layer("conv", filters=96, kernel=11, stride=4, bias=False), ON_227, "params", 34_944),
    Case("one-bias", CONV1, ON_227, "params", 34_849),  # 34,848 + 1
    Case("bias-per-kernel", CONV1, ON_227, "params", 35_136),  # 34,848 + 3*96
    Case("bias-per-channel", CONV1, ON_227, "params", 34_851),  # 34,848 + 3
    Case("bias-per-weight", CONV1, ON_227, "params", 69_696),  # 2*34,848
    Case("bias-per-output", CONV1, ON_227, "params", 325_248),  # 34,848 + 96*55*55
    Case("bias-sets", LSTM, ON_LSTM, "params", 1_664),  # 4*16*(8 + 16 + 2), as PyTorch counts; right is + 1
    Case("bias-forgotten", LSTM, ON_LSTM, "params", 1_536),  # 4*16*(8 + 16)
    Case("gates-forgotten", LSTM, ON_LSTM, "params", 400),  # 16*(8 + 16 + 1)
    Case("state-forgotten", LSTM, ON_LSTM, "params", 576),  # 4*16*(8 + 1)
    Case("kernel-without-depth", CONV1, ON_227, "params", 11_712),  # 11*11*96 + 96
    Case("kernel-not-squared", CONV1, ON_227, "params", 3_264),  # 11*3*96 + 96
    Case("kernel-not-cubed", layer("conv", 3, filters=64, kernel=3, padding=1), (sized(16, 8, 56, 56),), "params",
         9_280),  # 3*3*16*64 + 64; right is 3*3*3*16*64 + 64
    Case("filters-forgotten", CONV1, ON_227, "params", 364),  # 11*11*3 + 1
    Case("filters-forgotten", CONV1, ON_227, "params", 459),  # 11*11*3 + 96
    Case("filters-for-channels", layer("conv", filters=256, kernel=3, padding=1), (sized(384, 13, 13),), "params",
         590_080),  # 3*3*256*256 + 256
    Case("channels-of-the-network", layer("conv", filters=256, kernel=5, padding=2), (sized(96, 27, 27),), "params",
         19_456, Place(channels=3)),  # 5*5*3*256 + 256
    Case("groups-ignored", layer("conv", filters=256, kernel=5, padding=2, groups=2), (sized(96, 27, 27),), "params",
         614_656),  # 5*5*96*256 + 256
    Case("groups-ignored", layer("depthwise", kernel=3, padding=1), (sized(32, 8, 8),), "params",
         9_248),  # 3*3*32*32 + 32
    Case("channels-halved", CONV3X3, (sized(32, 14, 14),), "params", 2_320),  # 3*3*(32/2)*16 + 16
    Case("groups-twice", layer("conv", filters=256, kernel=5, padding=2, groups=2), (sized(96, 27, 27),), "params",
         153_856),  # 5*5*(96/2/2)*256 + 256
    Case("connections-ignored", C3, (sized(4, 14, 14),), "params", 202),  # 5*5*4*2 + 2; right is 5*5*5 + 2
    Case("weights-not-shared", CONV1, ON_227, "params", 105_415_296),  # 34,848*55*55 + 96
    Case("pooling-with-params", POOL, (sized(96, 55, 55),), "params", 864),  # 3*3*96
    Case("pooling-with-params", POOL, (sized(96, 55, 55),), "params", 960),  # 3*3*96 + 96
    Case("bn-counted-four", BN, ON_BN, "buffers", 384),  # 4*96; 2*96 are buffers
    Case("bn-counted-two", BN, ON_BN, "weights", 192),  # 2*96; 4*96 are stored
    Case("buffers-as-params", BN, ON_BN, "params", 384),  # 2*96 + 2*96, as Keras prints it
    Case("norm-counted-one", BN, ON_BN, "params", 96),
    Case("norm-forgotten", BN, ON_BN, "params", 0),
    Case("norm-per-value", BN, ON_BN, "params", 129_792),  # 2*96*26*26
    Case("macs-for-flops", CONV1, ON_227, "macs", 210_830_400),  # 2*105,415,200
    Case("macs-for-flops", CONV1, ON_227, "flops", 105_415_200),
    Case("positions-forgotten", CONV1, ON_227, "macs", 34_848),  # 11*11*3*96
    Case("positions-forgotten", CONV1, ON_227, "macs", 34_944),  # the params
    Case("positions-of-input", CONV1, ON_227, "macs", 1_795_682_592),  # 227*227*34,848
    Case("positions-of-output", layer("deconv", filters=8, kernel=2, stride=2), (sized(16, 28, 28),), "macs",
         1_605_632),  # 16*56*56*2*2*8; right is 16*28*28*2*2*8
    Case("bias-in-macs", CONV1, ON_227, "macs", 105_705_600),  # 105,415,200 + 96*55*55
    Case("bytes-wrong", CONV1, ON_227, "output_memory", 290_400),  # one byte for each of 96*55*55 values
    Case("bits-for-bytes", CONV1, ON_227, "output_memory", 9_292_800),  # 32*290,400
    Case("jump-ignored", POOL, (sized(96, 55, 55),), "receptive_field", (13, 13),  # 11 + 2; right is 11 + 2*4
         seen=Seen((11, 11), (4, 4))),
    Case("field-is-kernel", POOL, (sized(96, 55, 55),), "receptive_field", (3, 3),
         seen=Seen((11, 11), (4, 4))),
    Case("field-plus-kernel", POOL, (sized(96, 55, 55),), "receptive_field", (23, 23),  # 11 + 3*4
         seen=Seen((11, 11), (4, 4))),
    Case("jump-of-output", POOL, (sized(96, 55, 55),), "receptive_field", (27, 27),  # 11 + 2*8
         seen=Seen((11, 11), (4, 4))),
    Case("magnitude", CONV1, ON_227, "params", 349_440),  # a zero too many
    Case("off-by-one", layer("flatten"), (sized(256, 6, 6),), "out", sized(9217)),
    Case("wrong-digit", layer("flatten"), (sized(128, 4, 4),), "out", sized(2348)),  # for 2048
    Case("wrong-digit", CONV1, ON_227, "params", 34_494),  # 49 for 94
]  # fmt: skip


MIXED = """\
input: {C: 3, H: 64, W: 64}
layers:
- {conv: 8, kernel: 7, padding: 3}
- {maxpool: 3, stride: 2}
- {conv: 16, kernel: 3, dilation: 2}
- {avgpool: 3, stride: 2}
- {conv: 32, kernel: 3, groups: 4}
- {maxpool: 3, stride: 3}
"""
"""64, 31, 31 - 5 + 1 = 27, 13, 11 and (11 - 3)//3 + 1 = 3; conv3 has 3*3*(16/4)*32 + 32 = 1184 params."""

MIXED_EXERCISE = Exercise(cnncalc.analyze(text=MIXED))

OF_ANOTHER = [
    ("maxpool2", "out", sized(32, 5, 5), "stride-of-another-layer", "your other pools"),  # (11 - 3)/2 + 1
    ("conv3", "params", 6_304, "kernel-of-another-layer", "conv1"),  # 7*7*4*32 + 32
    ("conv3", "out", sized(32, 17, 17), "padding-of-another-layer", "conv1"),  # 13 + 2*3 - 3 + 1
    ("conv3", "out", sized(32, 9, 9), "dilation-of-another-layer", "conv2"),  # 13 - 5 + 1
    ("conv3", "params", 296, "filters-of-another-layer", "conv1"),  # 3*3*4*8 + 8
    ("conv3", "params", 2_336, "depth-of-another-layer", "conv2"),  # 3*3*8*32 + 32
    ("conv2", "params", 304, "groups-of-another-layer", "conv3"),  # 3*3*(8/4)*16 + 16
    ("avgpool", "out", sized(16, 11, 11), "kernel-of-another-layer", "conv1"),  # (27 - 7)/2 + 1: of another family
]


@pytest.mark.parametrize(("row", "figure", "value", "id_", "owner"), OF_ANOTHER)
def test_a_setting_of_any_other_layer_is_found_and_its_owner_named(
    row: str, figure: str, value: Value, id_: str, owner: str
) -> None:
    (found,) = explain(MIXED_EXERCISE, Statement(row, figure, "", (Reading(value),))).explanations
    assert (found.ids, found.phrase.rpartition(" of ")[2]) == ((id_,), owner)


def test_a_setting_of_another_layer_is_not_said_beside_what_is_more_plausible() -> None:
    # (27 - 3)/2 without the + 1; and conv2's dilation, (27 - 5)/2 + 1
    verdict = explain(MIXED_EXERCISE, Statement("avgpool", "out", "", (Reading(sized(16, 12, 12)),)))
    assert [found.ids for found in verdict.explanations] == [("plus-one-forgotten",)]


def sentence(case: Case) -> str:
    value = case.value.text() if isinstance(case.value, Shape) else case.value
    return f"{case.id}: {case.layer.kind} {case.figure} {value}"


@pytest.mark.parametrize("case", CASES, ids=sentence)
def test_the_number_is_diagnosed_with_the_mistake(case: Case) -> None:
    others = {"map": case.unflattened} if case.unflattened else {}
    found = explain_value(
        case.layer, case.inputs, case.figure, case.value, place=case.place, seen=case.seen, others=others
    )
    assert (case.id,) in [explanation.ids for explanation in found]


OF_SEVERAL_ROWS = {"row-left-out", "later-row"}


def test_every_mistake_has_a_number_here() -> None:
    of_another = {id_ for *_, id_, _ in OF_ANOTHER}
    assert {case.id for case in CASES} | of_another == set(MISTAKES) - OF_SEVERAL_ROWS


def test_every_edit_can_be_made_in_a_layer_of_some_case() -> None:
    made = set()
    for case in layer_cases.CASES:
        rank = case.inputs[0].rank
        other = layer("conv", rank, filters=1, kernel=2, stride=2)
        place = Place(other, other, "map", towers=True, first=True, channels=7)
        seen = Seen((3,) * rank, (2,) * rank) if rank else None
        context = {**place.context(case.inputs[0], {"map": Shape(2, (3, 4))}, seen), "twin_1": 5, "twin_2": 6}
        figures = LayerFigures(case.make(), case.inputs, partial(dict, context))
        made |= {candidate.edit for figure in ASKED for candidate in figures.candidates(figure)}
        for symbol in BORROWED:
            beside = figures.with_setting(symbol, (1,) * rank if symbol in OF_WINDOW else 1)
            made |= {candidate.edit for figure in ASKED for candidate in beside.candidates(figure, symbol)}
    edits = {edit for misconception in MISCONCEPTIONS for edit in misconception.edits.split(" | ")} - {""}
    assert edits - made == {f"channels = joined -> C_{number}" for number in range(5, 10)}  # no case has so many


def test_mistakes_have_names_of_their_own() -> None:
    ids = [misconception.id for misconception in MISCONCEPTIONS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id_) for id_ in MISTAKES)


@pytest.mark.parametrize("id_", MISTAKES)
def test_a_hint_tells_no_number_and_a_sentence_is_one(id_: str) -> None:
    mistake = MISTAKES[id_]
    assert not re.search(r"\d{2,}", mistake.hint)
    assert mistake.hint.endswith(("?", "."))
    assert mistake.sentence.endswith(".")
    assert mistake.sentence.count(". ") == 0


RANKS = {
    8: "groups-ignored",
    9: "wrong-input-size macs-for-flops",
    10: "padding-forgotten crop-forgotten channels-kept flatten-without-channels bias-forgotten connections-ignored "
    "pooling-with-params positions-forgotten bytes-wrong jump-ignored",
    11: "plus-one-forgotten dilation-ignored kernel-without-depth gates-forgotten bn-counted-two buffers-as-params "
    "field-is-kernel",
    12: "padding-once deconv-as-conv output-padding-forgotten factor-forgotten flatten-forgotten channels-left-out "
    "bias-added kernel-not-squared kernel-not-cubed state-forgotten bn-counted-four field-plus-kernel",
    13: "ceil-for-floor floor-for-ceil deconv-step-too-many factor-inverted fc-without-flatten norm-forgotten "
    "jump-of-output",
    14: "stride-ignored kernel-as-square flatten-without-an-axis add-summed bias-in-macs bits-for-bytes",
    15: "effective-kernel-wrong padding-not-cropped one-tower-only filters-forgotten norm-counted-one "
    "positions-of-output",
    16: "channels-multiplied concat-not-summed bias-sets channels-of-the-network weights-not-shared",
    17: "hwc-for-chw positions-of-input",
    18: "height-width-swapped filters-for-channels",
    19: "channels-halved",
    20: "stride-is-kernel one-bias groups-twice",
    21: "padding-added later-row norm-per-value",
    22: "stride-of-another-layer channels-pooled bias-per-kernel",
    23: "plus-two",
    24: "kernel-of-another-layer padding-of-another-layer bias-per-weight filters-of-another-layer "
    "depth-of-another-layer groups-of-another-layer",
    25: "dilation-of-another-layer bias-per-output",
    26: "size-kept",
    30: "bias-per-channel",
    40: "signs-swapped",
}
"""How far each mistake is fetched: of those that give one number the nearest is said first."""


def test_the_most_plausible_come_first() -> None:
    found = [(misconception.rank, misconception.id) for misconception in MISCONCEPTIONS]
    assert found == [(rank, id_) for rank, ids in RANKS.items() for id_ in ids.split()]
