"""The arithmetic of one axis, against published figures and against windows that are listed one by one."""

import csv
import re
from collections.abc import Iterable
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.errors import ShapeError
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.layers.windows import Window, axis_padding, transposed_padding, transposed_size
from cnncalc.shapes import Shape

# The figures of Dumoulin & Visin 2016, https://github.com/vdumoulin/conv_arithmetic; the file names the commit.

EXAMPLES = list(
    csv.DictReader(Path(__file__).with_name("conv_arithmetic_examples.csv").read_text("utf-8").splitlines())
)


def layers_of_figure(row: dict[str, str]) -> list[Layer]:
    numbers = {"kernel": int(row["k"]), "stride": int(row["s"]), "padding": int(row["p"])}
    dilation = int(row["dilation"])
    match row["kind"]:
        case "conv":
            return [make(LAYERS["conv"], 2, filters=1, dilation=dilation, **numbers)]
        case "transposed":
            extra = int(row["output_padding"])
            return [make(LAYERS["deconv"], 2, filters=1, dilation=dilation, output_padding=extra, **numbers)]
        case "pool":
            return [make(LAYERS["maxpool"], 2, dilation=dilation, **numbers), make(LAYERS["avgpool"], 2, **numbers)]
    raise AssertionError(row)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["figure"])
def test_every_figure_of_the_guide_to_convolution_arithmetic(row: dict[str, str]) -> None:
    x, out = Shape(1, (int(row["i"]),) * 2), Shape(1, (int(row["o"]),) * 2)
    assert [layer.output_shape(x) for layer in layers_of_figure(row)] in ([out], [out, out])


def test_the_guide_has_sixteen_figures() -> None:
    assert [row["kind"] for row in EXAMPLES] == ["conv"] * 8 + ["transposed"] * 7 + ["pool"]


# Windows listed one by one. What follows divides nothing and calls nothing of the package.


class Axis(NamedTuple):
    """One padded axis with its window."""

    n: int
    k: int
    s: int
    d: int
    b: int
    a: int

    def window(self, rounding: str = "floor") -> Window:
        return Window(self.n, self.k, self.s, self.d, self.b, self.a, rounding)


def extent(axis: Axis) -> int:
    """The number of cells from the first tap to the last, both included."""
    return len(range(axis.d * (axis.k - 1) + 1))


def full_windows(axis: Axis) -> list[range]:
    """The windows that lie within the padded axis; the input is range(b, b + n)."""
    padded = axis.b + axis.n + axis.a
    windows = (range(start, start + extent(axis)) for start in range(0, padded, axis.s))
    return [window for window in windows if window.stop <= padded]


def windows_rounded_up(axis: Axis, past_the_input: bool = False) -> list[range]:
    """Those and one that reaches past the end by less than a stride, if it starts before the end of the input."""
    padded = axis.b + axis.n + axis.a
    windows = (range(start, start + extent(axis)) for start in range(0, padded + axis.s, axis.s))
    return [w for w in windows if w.stop < padded + axis.s and (past_the_input or w.start < axis.b + axis.n)]


def unread(axis: Axis, windows: Iterable[range]) -> list[int]:
    """The values of the input, from 0, that lie in no window."""
    return [i for i in range(axis.n) if not any(i + axis.b in window for window in windows)]


@st.composite
def axes(draw: st.DrawFn, *, most_padding: str = "any") -> Axis:
    """Any axis; `half` and `full` limit the padding to half the window and to one less than the window."""
    k, s, d = draw(st.integers(1, 6)), draw(st.integers(1, 6)), draw(st.integers(1, 3))
    n = draw(st.integers(1, 30))
    window = d * (k - 1) + 1
    limit = {"any": 8, "half": window // 2, "full": window - 1}[most_padding]
    return Axis(n, k, s, d, draw(st.integers(0, limit)), draw(st.integers(0, limit)))


def check_outputs(window: Window, listed: list[range]) -> None:
    if listed:
        assert window.outputs() == len(listed)
    else:
        with pytest.raises(ShapeError, match="is larger than the"):
            window.outputs()


@given(axes())
def test_the_windows_are_as_many_as_can_be_listed(axis: Axis) -> None:
    check_outputs(axis.window(), full_windows(axis))


@given(axes(most_padding="half"))
def test_rounding_up_adds_a_window_that_is_only_partly_filled(axis: Axis) -> None:
    check_outputs(axis.window("ceil"), windows_rounded_up(axis))


@given(axes(most_padding="half"))
def test_caffe_keeps_a_window_past_the_end_where_nothing_is_padded(axis: Axis) -> None:
    unpadded = axis._replace(b=0, a=0)
    check_outputs(unpadded.window("ceil_caffe"), windows_rounded_up(unpadded, past_the_input=True))
    if axis.b or axis.a:
        check_outputs(axis.window("ceil_caffe"), windows_rounded_up(axis))


@given(axes(most_padding="half"))
def test_a_full_pool_keeps_every_window(axis: Axis) -> None:
    check_outputs(axis.window("ceil_full"), windows_rounded_up(axis, past_the_input=True))


@given(axes(most_padding="half"))
def test_the_two_ways_of_rounding_up_differ_only_where_the_stride_leaves_gaps(axis: Axis) -> None:
    assume(full_windows(axis) and axis.s <= extent(axis))
    assert axis.window("ceil_caffe").outputs() == axis.window("ceil").outputs()


# PyTorch 2.13, MaxPool2d(k, s, padding=p, ceil_mode=True) of an n x n map
@pytest.mark.parametrize(
    ("n", "k", "s", "p", "outputs"),
    [
        (112, 3, 2, 0, 56),
        (6, 3, 2, 1, 4),  # the last window starts at 6, before 6 + 1
        (3, 2, 2, 1, 2),  # one at 4 = 3 + 1 is dropped
        (4, 2, 4, 0, 1),  # one at 4 = 4 is dropped
        (2, 3, 2, 0, 1),  # ceil(-1/2) + 1: SqueezeNet's last pool for 21x21, its smallest input in torchvision
        (1, 2, 2, 0, 1),
        (1, 3, 3, 0, 1),
    ],
)
def test_rounding_up_gives_what_pytorch_gives(n: int, k: int, s: int, p: int, outputs: int) -> None:
    layer = make(LAYERS["maxpool"], 2, kernel=k, stride=s, padding=p, rounding="ceil")
    assert layer.output_shape(Shape(1, (n, n))) == Shape(1, (outputs, outputs))


@pytest.mark.parametrize(("n", "k", "s"), [(2, 5, 2), (1, 3, 2), (3, 5, 2)])  # PyTorch: "Output size is too small"
def test_a_window_a_whole_stride_too_large_does_not_fit_even_rounded_up(n: int, k: int, s: int) -> None:
    with pytest.raises(ShapeError, match=f"window {k} is larger than the input {n}"):
        make(LAYERS["maxpool"], 2, kernel=k, stride=s, rounding="ceil").output_shape(Shape(1, (n, n)))


def test_the_names_of_the_design_for_an_axis() -> None:
    window = Window(size=224, kernel=3, stride=2, dilation=2, before=1, after=3)
    assert (window.effective, window.padded) == (5, 228)
    assert window.remainder == 1  # 228 - 5 = 223 = 111*2 + 1
    assert window.outputs() == 112


# Paddings by word


@given(axes(), st.sampled_from(["same", "same_lower"]))
def test_same_is_the_least_padding_that_gives_the_size_over_the_stride(axis: Axis, word: str) -> None:
    before, after = axis_padding(word, 0, axis.n, axis.k, axis.s, axis.d)
    wanted = ceil(axis.n / axis.s)  # exact: n is small
    least = next(t for t in range(99) if len(full_windows(axis._replace(b=0, a=t))) >= wanted)
    assert before + after == least
    assert (after - before if word == "same" else before - after) in (0, 1)
    assert axis._replace(b=before, a=after).window().outputs() == wanted


@given(axes())
def test_half_keeps_the_size_of_an_odd_kernel_and_loses_dilated_half_steps_of_an_even_one(axis: Axis) -> None:
    pair = axis_padding("half", 0, axis.n, axis.k, axis.s, axis.d)
    assert pair[0] == pair[1]
    dense = axis._replace(s=1, b=pair[0], a=pair[1])
    lost = axis.d * (axis.k - 1) % 2
    if axis.n > lost:
        assert len(full_windows(dense)) == dense.window().outputs() == axis.n - lost


@given(axes())
def test_causal_windows_end_at_their_own_value(axis: Axis) -> None:
    before, after = axis_padding("causal", 0, axis.n, axis.k, axis.s, axis.d)
    windows = full_windows(axis._replace(s=1, b=before, a=after))
    assert [window[-1] - before for window in windows] == list(range(axis.n))


def test_numbers_and_valid_mean_themselves() -> None:
    pairs = ((1, 2), (3, 4))
    assert [axis_padding(pairs, axis, 9, 3, 1, 1) for axis in (0, 1)] == [(1, 2), (3, 4)]
    assert axis_padding("valid", 0, 9, 3, 1, 1) == (0, 0)


# Transposed convolution


@given(axes(), st.integers(0, 3))
def test_a_transposed_convolution_is_as_large_as_what_it_writes_to(axis: Axis, extra: int) -> None:
    written = {i * axis.s + j * axis.d for i in range(axis.n) for j in range(axis.k)}
    left = list(range(max(written) + 1 + extra))[axis.b :]
    left = left[: len(left) - axis.a] if axis.a < len(left) else []
    arguments = (axis.n, axis.k, axis.s, axis.d, axis.b, axis.a, extra)
    if left:
        assert transposed_size(*arguments) == len(left)
    else:
        with pytest.raises(ShapeError, match="leaves nothing of the output"):
            transposed_size(*arguments)


@given(axes())
def test_a_transposed_convolution_undoes_a_convolution(axis: Axis) -> None:
    windows = full_windows(axis)
    assume(windows)
    left_over = axis.b + axis.n + axis.a - windows[-1].stop
    assert transposed_size(axis.window().outputs(), axis.k, axis.s, axis.d, axis.b, axis.a, left_over) == axis.n


@given(axes(), st.sampled_from(["same", "same_lower"]))
def test_a_transposed_same_multiplies_by_the_stride(axis: Axis, word: str) -> None:
    before, after = transposed_padding(word, 0, axis.k, axis.s, axis.d)
    assert transposed_size(axis.n, axis.k, axis.s, axis.d, before, after, 0) == axis.n * axis.s
    if axis.s <= extent(axis):
        assert (after - before if word == "same" else before - after) in (0, 1)


# Keras 3, compute_conv_transpose_output_crops_for_torch: the transposed form of a convolution that pads nothing
# writes from the first cell on, and what its gaps leave unwritten is after each window.
@pytest.mark.parametrize(("k", "s", "crops"), [(1, 4, (0, -3)), (1, 2, (0, -1)), (3, 4, (0, -1)), (2, 5, (0, -3))])
def test_a_transposed_same_with_gaps_is_extended_at_the_end(k: int, s: int, crops: tuple[int, int]) -> None:
    assert transposed_padding("same", 0, k, s, 1) == crops


@given(axes())
def test_other_words_crop_what_they_would_pad(axis: Axis) -> None:
    half = axis_padding("half", 0, axis.n, axis.k, axis.s, axis.d)
    assert transposed_padding("half", 0, axis.k, axis.s, axis.d) == half
    effective = axis.d * (axis.k - 1) + 1
    assert transposed_padding("valid", 0, axis.k, axis.s, axis.d) == (0, min(effective - axis.s, 0))
    assert transposed_padding("valid", 0, axis.k, axis.s, axis.d, 0) == (0, 0)
    assert transposed_padding(((9, 9), (1, 2)), 1, axis.k, axis.s, axis.d) == (1, 2)


# What a derivation says is left over


def note_of(axis: Axis) -> str:
    """What the derivation of a convolution's length says about it."""
    padding = ((axis.b, axis.a),)
    layer = make(LAYERS["conv"], 1, filters=1, kernel=axis.k, stride=axis.s, dilation=axis.d, padding=padding)
    return last_note(layer, axis.n)


def last_note(layer: Layer, n: int) -> str:
    (step,) = (step for step in layer.explain(Shape(1, (n,))) if step.label == "length")
    return step.note


def is_exact(axis: Axis) -> bool:
    windows = full_windows(axis)
    return bool(windows) and windows[-1].stop == axis.b + axis.n + axis.a


@given(axes(most_padding="full"))
def test_the_note_says_what_a_stride_leaves_over(axis: Axis) -> None:
    assume(full_windows(axis) and axis.s <= extent(axis))
    note = note_of(axis)
    if axis.s == 1:
        assert note == ""
    elif is_exact(axis):
        assert note == "exact: nothing is left over"
    else:
        check_remainder(axis, note)


def check_remainder(axis: Axis, note: str) -> None:
    last = full_windows(axis)[-1].stop
    left_over = axis.b + axis.n + axis.a - last
    lost = unread(axis, full_windows(axis))
    assert lost == list(range(axis.n - len(lost), axis.n))  # without gaps only the end is lost
    if len(lost) > 1:
        words = f"the last {len(lost)} values of the axis are never read"
    elif lost:
        words = "the last value of the axis is never read"
    elif left_over > 1:
        words = f"the last {left_over} values of the padding are never read; no input is lost"
    else:
        words = "the last value of the padding is never read; no input is lost"
    smaller = [n for n in range(1, axis.n) if is_exact(axis._replace(n=n))][-1:]
    larger = next(n for n in range(axis.n + 1, 99) if is_exact(axis._replace(n=n)))
    inputs = " or ".join(map(str, [*smaller, larger]))
    assert note == f"remainder {left_over}: {words}; exact with input {inputs}"


@pytest.mark.parametrize(
    ("axis", "note"),
    [
        (Axis(227, 11, 4, 1, 0, 0), "exact: nothing is left over"),  # AlexNet: 216 = 54*4
        # 224 - 11 = 213 = 53*4 + 1
        (
            Axis(224, 11, 4, 1, 0, 0),
            "remainder 1: the last value of the axis is never read; exact with input 223 or 227",
        ),
        # torchvision's AlexNet: 224 + 4 - 11 = 217 = 54*4 + 1, and the last two of 228 are padding
        (
            Axis(224, 11, 4, 1, 2, 2),
            "remainder 1: the last value of the padding is never read; no input is lost; exact with input 223 or 227",
        ),
        # 9 + 1 + 2 - 7 = 5 = 0*6 + 5: two of the padding and three values
        (Axis(9, 7, 6, 1, 1, 2), "remainder 5: the last 3 values of the axis are never read; exact with input 4 or 10"),
        # 2 + 3 + 3 - 5 = 3 = 0*4 + 3: smaller would be -1
        (
            Axis(2, 5, 4, 1, 3, 3),
            "remainder 3: the last 3 values of the padding are never read; no input is lost; exact with input 3",
        ),
        (Axis(28, 3, 1, 1, 1, 1), ""),
    ],
)
def test_the_words_of_the_note(axis: Axis, note: str) -> None:
    assert note_of(axis) == note


@given(axes())
def test_same_never_leaves_anything_over(axis: Axis) -> None:
    assume(axis.s <= extent(axis))
    layer = make(LAYERS["conv"], 1, filters=1, kernel=axis.k, stride=axis.s, dilation=axis.d, padding="same")
    assert last_note(layer, axis.n) == ("exact: nothing is left over" if axis.s > 1 else "")


@given(axes())
def test_the_note_counts_the_values_between_windows(axis: Axis) -> None:
    axis = axis._replace(b=0, a=0, s=axis.s + extent(axis), n=axis.n + 2 * (axis.s + extent(axis)))
    windows = full_windows(axis)
    between = [i for i in unread(axis, windows) if i < axis.s]
    found = re.fullmatch(
        r"the stride (\d+) is larger than the window (\d+): (\d+) of every (\d+) values (?:is|are) never read",
        note_of(axis),
    )
    assert found is not None
    assert [int(number) for number in found.groups()] == [axis.s, extent(axis), len(between), axis.s]


@pytest.mark.parametrize("axis", [Axis(1, 1, 2, 1, 0, 0), Axis(4, 4, 8, 1, 0, 0), Axis(3, 2, 4, 2, 0, 0)])
def test_no_value_is_called_unread_where_one_window_reads_all(axis: Axis) -> None:
    assert unread(axis, full_windows(axis)) == []
    assert "never read" not in note_of(axis)


def test_no_more_values_are_called_unread_than_there_are() -> None:
    axis = Axis(1, 5, 5, 1, 8, 0)  # a window 0..4 of 9 cells, of which only the last is input
    assert unread(axis, full_windows(axis)) == [0]
    assert note_of(axis).startswith("remainder 4: the last value of the axis is never read")


@given(axes(most_padding="half"))
def test_the_note_says_what_rounding_up_does(axis: Axis) -> None:
    assume(full_windows(axis) and 1 < axis.s <= extent(axis))
    layer = make(
        LAYERS["maxpool"],
        1,
        kernel=axis.k,
        stride=axis.s,
        dilation=axis.d,
        padding=((axis.b, axis.a),),
        rounding="ceil",
    )
    kept, considered = windows_rounded_up(axis), windows_rounded_up(axis, past_the_input=True)
    padded = axis.b + axis.n + axis.a
    left_over = padded - full_windows(axis)[-1].stop
    if not left_over:
        expected = "exact: nothing is left over"
    elif kept != considered:
        expected = f"remainder {left_over}: the window that would start in the padding is dropped (- 1)"
    else:
        past = kept[-1].stop - padded
        expected = f"remainder {left_over}: the last window is only partly filled: it reaches {past} past the end"
    assert last_note(layer, axis.n) == expected
    assert unread(axis, kept) == []


def test_the_note_on_a_window_larger_than_the_map() -> None:
    layer = make(LAYERS["maxpool"], 1, kernel=5, stride=3, rounding="ceil")
    assert "reaches 2 past the end" in last_note(layer, 3)


# The numbers of the notes.


@given(axes(most_padding="full"))
def test_unread_and_gaps_are_those_of_the_listed_windows(axis: Axis) -> None:
    windows, cells = full_windows(axis), range(axis.b, axis.b + axis.n)
    assume(windows)
    assert axis.window().unread == sum(cell >= windows[-1].stop for cell in cells)
    assert axis.window().has_gaps == any(one.stop < next_.start for one, next_ in pairwise(windows))


@given(axes(most_padding="full"))
def test_exact_sizes_are_the_nearest_that_the_windows_fill(axis: Axis) -> None:
    assume(full_windows(axis))
    sizes = [axis._replace(n=n) for n in range(1, axis.n + axis.s + 1)]
    exact = [a.n for a in sizes if (found := full_windows(a)) and found[-1].stop == a.b + a.n + a.a]
    assert axis.window().exact_sizes == (*[n for n in exact if n <= axis.n][-1:], next(n for n in exact if n > axis.n))
