"""Receptive field, jump and start, against published numbers and against an enumeration of what each output reads."""

import csv
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis.receptive_field import View, narrowest, receptive_fields
from cnncalc.errors import SpecError

EXAMPLES = list(
    csv.DictReader(Path(__file__).with_name("receptive_field_small_examples.csv").read_text("utf-8").splitlines())
)


def view(layers: str, shape: str = "1x64x64") -> View:
    """What the last value sees of the only input."""
    report = cnncalc.analyze(text=f"{{input: {shape}, layers: [{layers}]}}")
    (seen,) = report.views[report.network.nodes[-1].path]
    return seen


def numbers(seen: View) -> list[tuple[int, int | Fraction, int]]:
    """(receptive field, jump, start) on each axis."""
    return [(field.extent, field.jump, field.start) for field in seen.axes]


# Published

PUBLISHED = {
    "README example 2D CNN": "{conv: 1, kernel: 7, stride: 2, padding: 3}, bn, relu, "
    "{maxpool: 3, stride: 2, padding: 1}, {avgpool: 3, stride: 2, padding: 1}",
    "two stacked 3x3 s1 convs": "{conv: 1, kernel: 3}, {conv: 1, kernel: 3}",
    "three stacked 3x3 s1 convs": "{conv: 1, kernel: 3}, {conv: 1, kernel: 3}, {conv: 1, kernel: 3}",
}


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['model']} {row['idx']}")
def test_published_examples(row: dict[str, str]) -> None:
    report = cnncalc.analyze(text=f"{{input: 1x256x256, layers: [{PUBLISHED[row['model']]}]}}")
    values = ["input", *(layer.path for layer in report)]
    path = values[int(row["idx"] or -1)]
    (seen,) = report.views[path]
    assert {(field.extent, field.jump) for field in seen.axes} == {(int(row["receptive_field"]), int(row["jump"]))}
    if row["map_size"]:
        assert "x".join(map(str, report.shapes[path].spatial)) == row["map_size"]


def test_every_published_network_is_read() -> None:
    assert len(EXAMPLES) == 8
    assert {row["model"] for row in EXAMPLES} == PUBLISHED.keys()


def test_the_last_pooling_of_vgg16() -> None:
    """Araujo, Norris, Sim 2019, Computing receptive fields of convolutional neural networks: 212, 32, padding 90."""
    assert numbers(cnncalc.analyze("vgg16").views["maxpool5"][0]) == [(212, 32, -90)] * 2


def test_alexnet_layer_by_layer() -> None:
    report = cnncalc.analyze("alexnet")  # 195: Araujo, Norris, Sim 2019, for the last pooling
    names = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
    assert [report[name].views[0].axes[0].extent for name in names] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [report[name].views[0].axes[0].jump for name in names] == [4, 8, 8, 16, 16, 16, 16, 32]


def bottleneck_net(stride_at: str) -> str:
    """ResNet-50 without widths, its strides on the 1x1 convs (He et al. 2015) or the 3x3 convs (v1.5)."""
    lines = ["{conv: 1, kernel: 7, stride: 2, padding: 3}", "{maxpool: 3, stride: 2, padding: 1}"]
    for stage, copies in enumerate((3, 4, 6, 3)):
        for copy in range(copies):
            stride = 2 if stage and not copy else 1
            first, second = (stride, 1) if stride_at == "1x1" else (1, stride)
            body = f"{{conv: 1, kernel: 1, stride: {first}}}, {{conv: 1, kernel: 3, stride: {second}, padding: 1}}"
            shortcut = f"[{{conv: 1, kernel: 1, stride: {stride}}}]" if stride > 1 else "identity"
            lines.append(f"{{residual: [{body}, {{conv: 1, kernel: 1}}], shortcut: {shortcut}}}")
    return f"{', '.join(lines)}, relu"


def test_resnet50_with_the_strides_of_the_paper() -> None:
    (height, width) = numbers(view(bottleneck_net("1x1"), shape="1x224x224"))
    assert height == width
    assert height[:2] == (483, 32)  # Araujo, Norris, Sim 2019


def test_resnet50_with_the_strides_of_v1_5() -> None:
    # 11 after the stem at jump 4; 3 + 4 + 6 + 3 windows of 3: 6 at jump 4, then the first of each stage
    # at the jump before it: 11 + 2*(3*4 + 4 + 3*8 + 8 + 5*16 + 16 + 2*32) = 427
    assert 11 + 2 * (3 * 4 + 4 + 3 * 8 + 8 + 5 * 16 + 16 + 2 * 32) == 427
    for seen in (view(bottleneck_net("3x3"), shape="1x224x224"), cnncalc.analyze("resnet50")["conv5.3"].views[0]):
        assert {(field.extent, field.jump) for field in seen.axes} == {(427, 32)}


# Kind by kind


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        pytest.param("{conv: 1, kernel: 3, dilation: 4}", (9, 1, 0), id="dilation: 4*(3 - 1) + 1"),
        pytest.param("{conv: 1, kernel: 3, padding: 1}", (3, 1, -1), id="padding moves the start"),
        pytest.param("{conv: 1, kernel: 3, stride: 2, padding: same}", (3, 2, 0), id="SAME, even: 0 + 1"),
        pytest.param("{conv: 1, kernel: 4, padding: same}", (4, 1, -1), id="SAME of an even kernel: 1 + 2"),
        pytest.param("{conv: 1, kernel: 4, padding: same_lower}", (4, 1, -2), id="same_lower: 2 + 1"),
        pytest.param("{zeropad: 3}", (1, 1, -3), id="zeros lie before the input"),
        pytest.param("{crop: 10}", (1, 1, 27), id="a crop starts (64 - 10)//2 further on"),
        pytest.param("{zeros: 2}", (0, 1, 0), id="zeros see nothing"),
        pytest.param("{upsample: 2}", (1, Fraction(1, 2), 0), id="an upsample halves the jump"),
        pytest.param(
            "{upsample: 2}, {conv: 1, kernel: 3, padding: 1}", (2, Fraction(1, 2), -1),
            id="three doubled values are two pixels",
        ),
        pytest.param("{name: p, maxpool: 2}, {unpool: p}", (2, 1, 0), id="an unpooling sees its window"),
        pytest.param("{name: p, maxpool: 2, padding: 1}, {unpool: p}", (2, 1, -1), id="and the padding in it"),
        pytest.param(
            "{name: p, maxpool: 2}, {conv: 1, kernel: 3, padding: 1}, {unpool: p}", (6, 1, -2),
            id="the value brings what it sees itself",
        ),
        # the first output is at 0.5/2 - 0.5 = -0.25: between -1 and 0, or from one before to one after these
        pytest.param("{resize, factor: 2, mode: bilinear}", (2, Fraction(1, 2), -1), id="two neighbours"),
        pytest.param("{resize, factor: 2, mode: bicubic}", (4, Fraction(1, 2), -2), id="four neighbours"),
        # the first output is at 0.5*4 - 0.5 = 1.5; of three in one it is at 0.5*3 - 0.5 = 1 itself
        pytest.param("{resize: 16x16, mode: bilinear}", (2, 4, 1), id="between two of four in one"),
        pytest.param("{crop: 63}, {resize: 21x21, mode: bilinear}", (1, 3, 1), id="the middle of three in one"),
        # (64 - 1)/(127 - 1) = 1/2, and the corners lie on one another
        pytest.param(
            "{resize: 127x127, mode: bilinear, align_corners: true}", (2, Fraction(1, 2), 0), id="corners on corners"
        ),
        pytest.param("{space_to_depth: 2}", (2, 2, 0), id="the channels at one place see their block"),
        pytest.param("{conv: 4, kernel: 1}, {depth_to_space: 2}", (1, Fraction(1, 2), 0), id="a block sees one place"),
        pytest.param("{upsample: 2}, {maxpool: 2}", (1, 1, 0), id="up and down ends where it began"),
        pytest.param("{deconv: 1, kernel: 2, stride: 2}", (1, Fraction(1, 2), 0), id="U-Net's deconv"),
        pytest.param(
            "{deconv: 1, kernel: 4, stride: 2, padding: 1}", (2, Fraction(1, 2), -1), id="DCGAN's deconv"
        ),
        pytest.param("{deconv: 1, kernel: 1, stride: 3}", (1, Fraction(1, 3), 0), id="gaps see nothing"),
        pytest.param("{adaptive_avgpool: 16}", (4, 4, 0), id="adaptive pooling that divides"),
        # 64/6: windows 0-10, 10-21, 21-31, 32-42, 42-53, 53-63
        pytest.param("{adaptive_avgpool: 6}", (12, Fraction(32, 3), 0), id="adaptive pooling that does not"),
        pytest.param("{pad_channels: [0, 2]}", (1, 1, 0), id="channels of zeros stand beside, not around"),
        pytest.param("bn, relu, lrn, softmax, dropout", (1, 1, 0), id="value by value"),
    ],
)  # fmt: skip
def test_one_kind(layers: str, expected: tuple[int, int | Fraction, int]) -> None:
    assert numbers(view(layers)) == [expected] * 2


@pytest.mark.parametrize("layers", [
    "flatten", "flatten, {fc: 3}", "global_avgpool", "global_maxpool", "global_avgpool, {conv: 1, kernel: 1}",
    "instancenorm", "{groupnorm: 1}", "{layernorm: 1x64x64}", "{attention: 1}",
])  # fmt: skip
def test_the_whole_input(layers: str) -> None:
    assert view(layers) == View("input", everything=True)


def test_axes_have_their_own_figures() -> None:
    seen = view("{conv: 1, kernel: [3, 5], stride: [1, 2], padding: [1, 0]}")
    assert numbers(seen) == [(3, 1, -1), (5, 2, 0)]


# Several paths


def test_paths_unite() -> None:
    """From -2 to 2 and from 0 to 2: 1x1 beside a padded 5x5, and a 3 that reads to the right."""
    paths = "[[{conv: 1, kernel: 1}], [{conv: 1, kernel: 5, padding: 2}], [{conv: 1, kernel: 3, padding: [[0, 2]]}]]"
    seen = view(f"{{branches: {paths}}}, relu", shape="1x64")
    assert numbers(seen) == [(5, 1, -2)]
    paths = "[[{conv: 1, kernel: 3, padding: [[2, 0]]}], [{conv: 1, kernel: 3, padding: [[0, 2]]}]]"
    seen = view(f"{{branches: {paths}}}, relu", shape="1x64")
    assert numbers(seen) == [(5, 1, -2)]  # -2..0 and 0..2


def test_a_skip_that_is_cropped_sees_the_centre() -> None:
    layers = "{name: skip, dropout: 0.5}, {conv: 1, kernel: 9}, {concat: [skip, prev], align: center}"
    assert numbers(view(layers)) == [(9, 1, 0)] * 2  # the crop starts at 4, within 0..8
    layers = "{name: skip, crop: 60}, {concat: [skip, input], align: center}"
    assert numbers(view(layers)) == [(1, 1, 2)] * 2


def test_unets_skip_and_its_up_path_meet() -> None:
    report = cnncalc.analyze("unet")
    (seen,) = report.views[report.network.nodes[-1].path]
    assert not seen.unknown
    assert {field.jump for field in seen.axes} == {1}


def test_a_cifar_resnet_with_shortcuts_of_option_a() -> None:
    # 3x3 convs: 1 + 6 at jump 1, the first of stage 2 at jump 1, 5 at jump 2, the first of stage 3 at jump 2, 5 at 4
    assert 1 + 2 * (7 * 1 + 1 + 5 * 2 + 2 + 5 * 4) == 81
    assert 1 + 2 * (37 * 1 + 1 + 35 * 2 + 2 + 35 * 4) == 501  # ResNet-110: 36 in each stage
    for name, extent in (("resnet20_cifar10", 81), ("resnet110_cifar10", 501)):
        (seen,) = cnncalc.analyze(name)["stage3"].views
        assert {(field.extent, field.jump) for field in seen.axes} == {(extent, 4)}


@pytest.mark.parametrize(
    "layer",
    [
        "{deconv: 1, kernel: 1025}",
        "{deconv: 1, kernel: 1, stride: 1025}",
        "{upsample: 1025}",
        "{adaptive_avgpool: 1025}",
        "{adaptive_avgpool: 100000000}",
        "{residual: [{conv: 1, kernel: 2}], merge: mul}",  # every output meets the one value of the gate
    ],
)
def test_a_pattern_that_is_too_long_is_not_listed(layer: str) -> None:
    for after in ("", ", flatten"):
        assert view(layer + after, "1x2").unknown == "its pattern repeats only after more than 1024 outputs"


def test_a_map_that_is_cropped_on_one_axis_keeps_its_places_on_the_other() -> None:
    # 62 rows of 3 beside rows 1 to 62 of 64; the columns are those of the input
    seen = view("{name: a, avgpool: 3x1, stride: 1}, {add: [a, input], align: center}")
    assert numbers(seen) == [(3, 1, 0), (1, 1, 0)]


def test_an_unpooling_sees_nothing_between_its_windows() -> None:
    (field,) = view("{name: p, maxpool: 2, stride: 3}, {unpool: p}", shape="1x9").axes
    assert [field.at(output) for output in range(6)] == [(0, 1), (0, 1), None, (3, 4), (3, 4), None]


def test_an_unpooling_looks_for_its_places_in_what_entered_the_pool() -> None:
    # the value is another input's: only the places are the image's
    report = cnncalc.analyze(
        text="{inputs: {image: 1x8, value: 1x4}, layers: [{name: p, from: image, maxpool: 2}, "
        "{name: end, from: value, unpool: p}]}"
    )
    assert {seen.input: numbers(seen) for seen in report.views["end"]} == {
        "value": [(1, Fraction(1, 2), 0)],
        "image": [(2, 1, 0)],
    }


def test_paths_of_different_jump_are_unknown() -> None:
    seen = view("{branches: [[{adaptive_avgpool: 4}], [{conv: 1, kernel: 5}]]}, relu", shape="1x8x8")
    assert seen == View("input", unknown="paths of different jump meet here")


def test_several_inputs_are_seen_each_by_itself() -> None:
    report = cnncalc.analyze(
        text="{inputs: {a: 1x32, b: 1x32}, layers: [{name: c, from: a, conv: 1, kernel: 3, padding: 1}, "
        "{name: end, concat: [c, b]}]}"
    )
    assert {seen.input: numbers(seen) for seen in report.views["end"]} == {"a": [(3, 1, -1)], "b": [(1, 1, 0)]}


# The witness: which input indices an output reads, tap by tap, on an axis without ends


class Piece(NamedTuple):
    """A layer of a random network along one axis."""

    kind: str
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def text(self) -> str:
        if self.kind == "upsample":
            return f"{{upsample: {self.stride}}}"
        if self.kind == "zeropad":
            return f"{{zeropad: [[{self.before}, {self.after}]]}}"
        first = f"maxpool: {self.kernel}" if self.kind == "maxpool" else f"{self.kind}: 1, kernel: {self.kernel}"
        sliding = f"stride: {self.stride}, dilation: {self.dilation}"
        return f"{{{first}, {sliding}, padding: [[{self.before}, {self.after}]]}}"

    @property
    def gaps(self) -> bool:
        """Whether neighbours may see nothing, or see backwards."""
        return self.kind == "deconv" and (self.dilation > 1 or self.kernel < self.stride)

    def reads(self, output: int) -> set[int]:
        """The indices of this layer's input that one output reads."""
        taps = [tap * self.dilation for tap in range(self.kernel)]
        match self.kind:
            case "upsample":
                return {
                    i for i in range(-abs(output) - 1, abs(output) + 1) if 0 <= output - i * self.stride < self.stride
                }
            case "zeropad":
                return {output - self.before}
            case "deconv":  # input i writes to i*stride + tap, of which `before` are cropped
                uncropped = output + self.before
                near = range(uncropped // self.stride - max(taps) - 1, uncropped // self.stride + 2)
                return {i for i in near for tap in taps if i * self.stride + tap == uncropped}
            case _:
                return {output * self.stride - self.before + tap for tap in taps}


def pixels(pieces: list[Piece], output: int) -> set[int]:
    """The input indices that influence one output of the last piece."""
    seen = {output}
    for piece in reversed(pieces):
        seen = set().union(*map(piece.reads, seen))
    return seen


@st.composite
def networks(draw: st.DrawFn) -> list[Piece]:
    """One to four layers. After gaps dilation is 1: what is between taps counts as seen."""
    pieces: list[Piece] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["conv", "conv", "maxpool", "deconv", "upsample", "zeropad"]))
        kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        behind_gaps = any(piece.gaps for piece in pieces)
        dilation = 1 if behind_gaps else draw(st.integers(1, 3))
        most = kernel // 2 if kind == "maxpool" else 3
        before, after = draw(st.integers(0, most)), draw(st.integers(0, most))
        pieces.append(Piece(kind, kernel, stride, dilation, before, after))
    return pieces


@settings(max_examples=300, deadline=None)
@given(networks())
def test_every_output_sees_the_pixels_that_it_reads(pieces: list[Piece]) -> None:
    text = ", ".join(piece.text for piece in pieces)
    try:
        report = cnncalc.analyze(text=f"{{input: 1x200, layers: [{text}]}}")
    except SpecError:
        assume(False)
    ((field,),) = (seen.axes for seen in report.views[report.network.nodes[-1].path])
    period = prod(piece.stride for piece in pieces if piece.kind in ("deconv", "upsample"))
    read = [pixels(pieces, output) for output in range(2 * period)]
    for output, seen in enumerate(read):
        assert field.at(output) == ((min(seen), max(seen)) if seen else None)
    spans = [(min(seen), max(seen)) for seen in read if seen]
    assert field.extent == max((last - first + 1 for first, last in spans), default=0)
    if spans:
        assert field.start == spans[0][0]
        later = next(output for output, seen in enumerate(read) if seen)
        assert field.jump == Fraction(min(read[later + period]) - min(read[later]), period)


def test_a_dilated_deconv_sees_backwards() -> None:
    """Outputs 0, 1, 2, 3 of kernel 2, stride 2, dilation 3 read the inputs 0, -1, 1, 0."""
    (field,) = view("{deconv: 1, kernel: 2, stride: 2, dilation: 3}, {conv: 1, kernel: 2}", shape="1x64").axes
    assert [field.at(output) for output in range(3)] == [(-1, 0), (-1, 1), (0, 1)]


def test_only_outputs_that_exist_count() -> None:
    # 10 -> 7 adaptively -> 2: the two outputs see pixels 0..4 and 4..8; a third, which is not there, would see 6.
    report = cnncalc.analyze(text="input: 1x10\nlayers: [{adaptive_avgpool: 7}, {maxpool: 3}]\n")
    (view,) = report["maxpool"].views
    assert [field.extent for field in view.axes] == [5]


# The narrowest path


def narrow_fields(text: str) -> dict[str, list[int]]:
    """The extents of every value along the narrowest path, by path of the value."""
    report = cnncalc.analyze(text=text)
    fields = receptive_fields(report.network, [layer.facts for layer in report], narrowest)
    return {path: [field.extent for field in view.axes] for path, (view,) in fields.items()}


def test_a_shortcut_carries_the_small_field_past_the_body() -> None:
    text = "input: 1x9x9\nlayers:\n- {residual: [{conv: 1, kernel: 3, padding: 1, repeat: 2}], repeat: 2}\n"
    fields = narrow_fields(text)
    assert fields["residual.1/conv.2"] == [5, 5]
    assert fields["residual.1/add"] == [1, 1]
    assert fields["residual.2/conv.1"] == [3, 3]


def test_of_two_windows_the_one_of_fewer_pixels_counts() -> None:
    paths = "[[{conv: 1, kernel: 1x7, padding: half}], [{conv: 1, kernel: 5x1, padding: half}], [global_avgpool]]"
    fields = narrow_fields(f"input: 1x9x9\nlayers:\n- {{branches: {paths}, merge: mul}}\n")
    assert fields["branches/mul"] == [5, 1]  # 5 pixels of 7, and of all 81


def test_without_a_merge_the_narrowest_path_is_the_only_one() -> None:
    report = cnncalc.analyze("vgg16")
    assert receptive_fields(report.network, [layer.facts for layer in report], narrowest) == report.views
