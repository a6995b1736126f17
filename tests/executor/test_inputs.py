"""What may enter a run: arrays of the input's shape in the spec's layout, batches, images."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnncalc.errors import ExecutionError, OverrideError
from cnncalc.executor.inputs import Input, as_input, count_of, draw_inputs, normalized, read_input, take_inputs
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import text_source
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import Layout, Shape

RGB = Shape(3, (4, 5))
GREY = Shape(1, (4, 5))
SEQUENCE = Shape(2, (7,))
VECTOR = Shape(6)

TWO_INPUTS = "{inputs: {left: 1x2x2, right: 2}, layers: [{name: a, from: left, relu: }], outputs: [a]}"


def network(text: str) -> Network:
    return build_network(read_spec(text_source(text)))


def counting(*shape: int) -> np.ndarray:
    """0, 1, 2, ... in this shape."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


@pytest.mark.parametrize(
    ("found", "shape", "layout", "count"),
    [
        pytest.param((3, 4, 5), RGB, "CHW", None, id="an image"),
        pytest.param((2, 3, 4, 5), RGB, "CHW", 2, id="a batch"),
        pytest.param((1, 3, 4, 5), RGB, "CHW", 1, id="a batch of one"),
        pytest.param((4, 5, 3), RGB, "HWC", None, id="channels last"),
        pytest.param((2, 4, 5, 3), RGB, "HWC", 2, id="a batch with channels last"),
        pytest.param((1, 4, 5), GREY, "CHW", None, id="one channel"),
        pytest.param((4, 5), GREY, "CHW", None, id="one channel without its axis"),
        pytest.param((4, 5), GREY, "HWC", None, id="one channel without its axis, channels last"),
        pytest.param((2, 4, 5), GREY, "CHW", 2, id="a batch of one channel without its axis"),
        pytest.param((4, 4, 5), GREY, "HWC", 4, id="the same with channels last, as Keras has MNIST"),
        pytest.param((2, 1, 4, 5), GREY, "CHW", 2, id="a batch of one channel"),
        pytest.param((2, 7), SEQUENCE, "CHW", None, id="a sequence"),
        pytest.param((7, 2), SEQUENCE, "HWC", None, id="a sequence with channels last"),
        pytest.param((6,), VECTOR, "CHW", None, id="a vector"),
        pytest.param((3, 6), VECTOR, "HWC", 3, id="a batch of vectors"),
    ],
)
def test_an_array_of_the_inputs_shape_is_accepted(
    found: tuple[int, ...], shape: Shape, layout: Layout, count: int | None
) -> None:
    given = as_input(counting(*found), shape, layout, "x.npy")
    assert given.array.shape == (count or 1, *shape.sizes())
    assert given.batched == (count is not None)


def test_channels_go_to_the_front_with_their_values() -> None:
    # rows of (c0, c1): 0 1 | 2 3 | 4 5
    assert as_input(counting(3, 2), Shape(2, (3,)), "HWC", "x").array.tolist() == [[[0, 2, 4], [1, 3, 5]]]
    assert as_input(counting(2, 3), Shape(2, (3,)), "CHW", "x").array.tolist() == [[[0, 1, 2], [3, 4, 5]]]


@pytest.mark.parametrize(
    ("found", "shape", "layout", "message"),
    [
        pytest.param(
            (3, 8, 9), RGB, "CHW",
            "x.npy is 3x8x9, but the network's input is 3x4x5; "
            "give the shape 3x8x9 (--shape) to run the network on this size",
            id="another size",
        ),
        pytest.param((7, 8, 9, 3), RGB, "HWC", "the network's input is 4x5x3; give the shape 8x9x3 (--shape) to",
                     id="another size of a batch with channels last"),
        pytest.param((4, 5, 3), RGB, "CHW", "it looks like H, W, C: transpose it to C, H, W, the layout of the spec",
                     id="channels last where they are first"),
        pytest.param((2, 3, 8, 9), RGB, "HWC", "it looks like C, H, W: transpose it to H, W, C, the layout of",
                     id="channels first where they are last, of another size"),
        pytest.param((7, 2), SEQUENCE, "CHW", "it looks like L, C: transpose it to C, L, the", id="a sequence"),
        pytest.param((4, 5), RGB, "CHW", "x.npy is 4x5, but the network's input is 3x4x5 (or Nx3x4x5 for N of them)",
                     id="a grey image for colours"),
        pytest.param((1, 1, 3, 4, 5), RGB, "CHW", "x.npy is 1x1x3x4x5, but the network's input is 3x4x5 (or N",
                     id="two axes too many"),
        pytest.param((), RGB, "CHW", "x.npy is a single number, but", id="a number"),
        pytest.param((7,), VECTOR, "CHW", "x.npy is 7, but the network's input is 6 (or Nx6 for N of them)",
                     id="a vector of another length"),
        pytest.param((0, 3, 4, 5), RGB, "CHW", "x.npy is 0x3x4x5: it holds no input", id="a batch of none"),
    ],
)  # fmt: skip
def test_an_array_of_another_shape_is_refused(
    found: tuple[int, ...], shape: Shape, layout: Layout, message: str
) -> None:
    with pytest.raises(ExecutionError) as raised:
        as_input(counting(*found), shape, layout, "x.npy")
    assert message in str(raised.value)


def test_the_suffix_says_whether_a_file_is_an_array_or_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.NPY.npy", counting(4, 5))
    Path("x.NPY.npy").rename("x.NPY")
    Image.new("L", (9, 4), 51).save("x.PNG")
    assert read_input("x.NPY", GREY, "CHW").array[0, 0, 3, 4] == 19
    image = read_input("x.PNG", GREY, "HWC")
    assert image.array.shape == (1, 1, 4, 5)
    assert image.array.max() == np.float32(0.2)
    assert image.note == "x.PNG is 4x9: scaled to cover 4x5, and its centre kept"
    assert not image.batched


def test_other_suffixes_are_refused() -> None:
    known = (
        r"an input is an array \(.npy\), numbers as text \(.csv, .tsv\) or an image "
        r"\(.png, .jpg, .jpeg, .bmp, .gif, .tif, .tiff, .webp, .ppm, .pgm\)"
    )
    for name in ("x.txt", "1 x.txt", "x[1].txt"):  # none of them is numbers
        with pytest.raises(ExecutionError, match=f"^{re.escape(name)}: {known}$"):
            read_input(name, RGB, "CHW")


@pytest.mark.parametrize(
    ("mean", "std", "values"),
    [
        ((), (), [[0, 1], [2, 3]]),
        ((1, 2), (), [[-1, 0], [0, 1]]),
        ((1,), (2,), [[-0.5, 0], [0.5, 1]]),
        ((), (2, 4), [[0, 0.5], [0.5, 0.75]]),
    ],
)
def test_mean_is_subtracted_and_std_divides_by_channel(
    mean: tuple[float, ...], std: tuple[float, ...], values: Any
) -> None:
    array = normalized(Input(counting(1, 2, 2)), mean, std).array
    assert (array.dtype, array[0].tolist()) == (np.dtype(np.float32), values)


def test_mean_and_std_keep_what_else_is_known_of_an_input() -> None:
    given = Input(counting(1, 2, 2, 2), batched=True, note="scaled")
    assert normalized(given, (1,), ())[1:] == (True, "scaled")


@pytest.mark.parametrize(("mean", "std", "word"), [((1, 2), (), "mean"), ((), (1, 2, 3, 4), "std")])
def test_as_many_numbers_as_neither_are_refused(mean: tuple[float, ...], std: tuple[float, ...], word: str) -> None:
    count = len(mean or std)
    message = f"^{word} has {count} numbers; one is expected, or one for each channel: 3$"
    with pytest.raises(OverrideError, match=message):
        normalized(Input(counting(1, 3, 2, 2)), mean, std)


@pytest.mark.parametrize(("mean", "std"), [((1e300,), ()), ((), (1e-60,))])
def test_a_result_that_is_too_large_is_refused(mean: tuple[float, ...], std: tuple[float, ...]) -> None:
    with pytest.raises(ExecutionError, match=r"^the input after mean and std holds -?(inf|nan) at \[0, 0, 0\]; finite"):
        normalized(Input(counting(1, 2, 2)), mean, std)


def test_several_inputs_hold_as_many_each() -> None:
    one, two = Input(counting(1, 1)), Input(counting(2, 1), batched=True)
    assert count_of({"left": two, "right": two}) == 2
    assert count_of({"left": one, "right": Input(counting(1, 1), batched=True)}) == 1
    message = "^the network's inputs hold different numbers of them: left 2, right 1; give as many of each$"
    with pytest.raises(ExecutionError, match=message):
        count_of({"left": two, "right": one})


def test_arrays_at_hand_are_taken_by_name() -> None:
    inputs = take_inputs(network(TWO_INPUTS), {"left": [[1, 2], [3, 4]], "right": (5, 6)})
    assert inputs["left"].array.tolist() == [[[[1, 2], [3, 4]]]]
    assert inputs["right"].array.tolist() == [[5, 6]]


def test_the_array_of_a_single_input_needs_no_name() -> None:
    single = network("{input: 2, layers: [relu]}")
    assert take_inputs(single, [1, 2])["input"].array.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"left": [[1, 2], [3, 4]]}, "^arrays for left are given; the network's inputs are left, right$"),
        ({}, "^arrays for none are given; the network's inputs are left, right$"),
        ([1, 2], "^arrays for left are given; the network's inputs are left, right$"),
        ({"left": [[1, 2], [3]], "right": [1, 2]}, "^left is not an array: "),
        ({"left": [[1, 2], [3, None]], "right": [1, 2]}, "^left holds Python objects, which are never loaded"),
        ({"left": [[1, 2], [3, 4]], "right": [1, np.nan]}, r"^right holds nan at \[1\]; finite numbers are expected$"),
    ],
    ids=["one is missing", "all are missing", "no names", "rows of different lengths", "no numbers", "not a number"],
)
def test_arrays_that_do_not_fit_are_refused(given: Any, message: str) -> None:
    with pytest.raises(ExecutionError, match=message):
        take_inputs(network(TWO_INPUTS), given)


def test_drawn_inputs_depend_on_the_seed_and_lie_between_minus_1_and_1() -> None:
    first, again, other = (draw_inputs(network(TWO_INPUTS), seed)["left"].array for seed in (0, 0, 1))
    assert first.shape == (1, 1, 2, 2)
    assert (first == again).all()
    assert (first != other).all()
    assert np.abs(first).max() <= 1
