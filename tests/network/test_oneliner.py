"""One-liners: what each word means, and that every problem points at its word."""

import pytest

from cnncalc.errors import OverrideError, SpecError
from cnncalc.network.build import build_network
from cnncalc.network.oneliner import read_oneliner
from cnncalc.shapes import Layout, Shape


def layers(line: str, shape: str = "3x32x32") -> list[str]:
    """The layers of a one-liner, as their records print."""
    return [repr(node.layer) for node in build_network(read_oneliner(shape, line)).nodes]


def conv(
    kernel: str = "(3, 3)", stride: str = "(1, 1)", padding: str = "((0, 0), (0, 0))", dilation: str = "(1, 1)",
    groups: int = 1, bias: bool = True,
) -> str:  # fmt: skip
    return (
        f"Conv(filters=6, kernel={kernel}, stride={stride}, padding={padding}, dilation={dilation}, "
        f"groups={groups}, bias={bias}, connections=None, padding_mode='zeros')"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("conv 6 3", [conv()], id="values go to filters and kernel"),
        pytest.param("conv 6 k3 s2", [conv(stride="(2, 2)")], id="s is the stride, k the kernel"),
        pytest.param("conv 6 3x3 stride 2 padding 1 no bias", [
            conv(stride="(2, 2)", padding="((1, 1), (1, 1))", bias=False)], id="words as the table prints them"),
        pytest.param("Conv2D 6 3 ReLU, Flatten", [conv(), "Relu()", "Flatten(axes='all')"],
                     id="words of other frameworks"),
        pytest.param("conv 6 3x1", [conv(kernel="(3, 1)")], id="a kernel per axis"),
        pytest.param("conv 6 3 /2", [conv(stride="(2, 2)")], id="a slash is the stride"),
        pytest.param("conv 6 /2x1 3", [conv(stride="(2, 1)")], id="a short form may stand between the values"),
        pytest.param("conv 6 3 p1", [conv(padding="((1, 1), (1, 1))")], id="p is the padding"),
        pytest.param("conv 6 3 p1x0", [conv(padding="((1, 1), (0, 0))")], id="padding per axis"),
        pytest.param("conv 6 3 p1+2", [conv(padding="((1, 2), (1, 2))")], id="plus is before and after on every axis"),
        pytest.param("conv 6 3 p1+2x0", [conv(padding="((1, 2), (0, 0))")], id="before and after per axis"),
        pytest.param("conv 6 3 psame", [conv(padding="'same'")], id="a padding word"),
        pytest.param("conv 6 3 phalf d2", [conv(padding="'half'", dilation="(2, 2)")], id="d is the dilation"),
        pytest.param("conv 6 3 g3", [conv(groups=3)], id="g is the groups"),
        pytest.param("conv 6 3 bias=false", [conv(bias=False)], id="any parameter by its name"),
        pytest.param("conv2d 6 kernel_size=3", [conv()], id="aliases of kinds and parameters"),
        pytest.param("conv 2*in 3", [conv()], id="an expression with in"),
        pytest.param(
            "conv 6 3 padding=[[0, 1], [1, 0]]", [conv(padding="((0, 1), (1, 0))")], id="a list, with spaces inside"
        ),
        pytest.param("conv 6 3 relu", [conv(), "Relu()"], id="an activation behind"),
        pytest.param("conv 6 3, relu", [conv(), "Relu()"], id="a layer of its own"),
        pytest.param("conv 6 3 p1 repeat=2", [conv(padding="((1, 1), (1, 1))")] * 2, id="repeat, as on every layer"),
        pytest.param("dropout 0.25", ["Dropout(rate=0.25)"], id="the first parameter, where none is required"),
        pytest.param("dropout", ["Dropout(rate=0.5)"], id="a bare word"),
    ],
)  # fmt: skip
def test_a_line_is_the_layers_of_a_spec(line: str, expected: list[str]) -> None:
    assert layers(line) == expected


def test_pool_is_maxpool_with_its_own_stride() -> None:
    assert layers("pool 3 /2, pool 2") == [
        "MaxPool(kernel=(3, 3), stride=(2, 2), padding=((0, 0), (0, 0)), dilation=(1, 1), rounding='floor')",
        "MaxPool(kernel=(2, 2), stride=(2, 2), padding=((0, 0), (0, 0)), dilation=(1, 1), rounding='floor')",
    ]


def test_norm_and_activation_follow_in_their_order() -> None:
    assert [node.path for node in build_network(read_oneliner("3x8x8", "conv 6 3 bn relu")).nodes] == [
        "conv",
        "conv/bn",
        "conv/relu",
    ]


@pytest.mark.parametrize(
    ("shape", "layout", "expected"),
    [
        ("3x227x200", "CHW", Shape(3, (227, 200))),
        ("227x200x3", "HWC", Shape(3, (227, 200))),
        ("3×227×200", "CHW", Shape(3, (227, 200))),
        ("1x16000", "CHW", Shape(1, (16000,))),
        ("784", "CHW", Shape(784)),
        ("3x16x112x112", "CHW", Shape(3, (16, 112, 112))),
    ],
)
def test_the_input_is_read_in_its_layout(shape: str, layout: Layout, expected: Shape) -> None:
    assert build_network(read_oneliner(shape, "relu", layout)).inputs == {"input": expected}


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ("224x224x3", "input 224x224x3: looks like HWC; write 3x224x224, or give --layout HWC"),
        ("3x0x3", "input 3x0x3: one to 4 sizes of at least 1 are expected, as 3x227x227"),
        ("7x2x3x4x5", "input 7x2x3x4x5: five sizes: the batch is not part of the input; write 2x3x4x5 and --batch 7"),
        ("28x28", "input 28x28: looks like an image without its channels; write 1x28x28 or 3x28x28"),
        ("image", "input image: 'image' is not a whole number; write 3x227x227, 1x16000 or 784"),
    ],
)
def test_an_input_that_is_none_is_refused(shape: str, message: str) -> None:
    with pytest.raises(OverrideError) as caught:
        read_oneliner(shape, "relu")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("", 1, "a layer is expected here, as 'conv 8 3x3' or 'relu', but there is nothing"),
        ("relu,, relu", 6, "a layer is expected here, as 'conv 8 3x3' or 'relu', but there is nothing"),
        ("relu, convv 3", 7, "unknown layer kind 'convv'; did you mean 'conv'?"),
        ("conv 8", 1, "conv: kernel is missing; 'cnncalc layers conv' says what it takes"),
        ("conv 8 3 kernal=3", 10, "conv has no parameter 'kernal'; did you mean 'kernel'?"),
        ("conv 8 3 /2 /3", 13, "conv: stride is given twice"),
        ("conv 8 3 4", 10, "'4' is one value too many: conv takes 2 (filters, kernel); the stride is written /4"),
        ("relu 4", 6, "'4' is one value too many: relu takes none"),
        ("pool 3/2", 6, "'3/2' is one number; put a space before '/2' for a stride of 2"),
        ("pool 3 relu", 8, "pool takes no activation; put a comma before 'relu' for a layer of its own"),
        ("conv 8 3 relu bn", 15, "a norm comes before the activation; put 'bn' first, or a comma before it"),
        ("conv 8 3 pool 2", 10, "'pool' is a layer of its own; put a comma before it"),
        ("conv 8 3 same", 10, "'same' alone has no meaning here; write psame"),
        ("conv 8 3 stride", 10, "'stride' needs a value: write /VALUE or stride=VALUE"),
        ("conv 8 3 rellu", 10, "'rellu' has no meaning here; did you mean 'relu'?"),
        ("fc 10 /2", 7, "fc has no stride"),
        ("relu, add input prev", 7, "'add' joins several layers, but a one-liner is a chain; write a spec for it"),
        ("conv 8 3 padding=[[0", 18, "this bracket is not closed"),
        ("conv 8 3 padding=[:,]", 18, "'[:,]' is not a list; write it as [[0, 1], [0, 1]]"),
        ("conv 8 0", 8, "kernel is 0; at least 1 is expected"),
        ("conv in/2 3", 6, "'in/2' is 1.5, not a whole number (use // to round down)"),
        ("conv 8 3, conv 8 99", 11, "conv: window 99 is larger than the input 30"),
        ("conv 8 3 p1, fc 10", 14, "fc needs a vector; put '- flatten' before it (8x32x32 -> 8192)"
         ", or write '{conv: 10, kernel: 1}' to act at each position"),
        ("flatten, conv 8 3", 10, "conv needs a map with spatial axes, but its input is a vector of 3072; put "
         "'- {reshape: CxHxW}' before it, or give input: its H and W"),
    ],
)  # fmt: skip
def test_a_problem_points_at_its_word(line: str, column: int, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        build_network(read_oneliner("3x32x32", line))
    assert [(p.line, p.column, p.message) for p in caught.value.problems] == [(1, column, message)]


def test_all_words_that_are_wrong_are_told_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        read_oneliner("3x32x32", "conv 8 3 same, rellu, fc 10 /2")
    assert [problem.column for problem in caught.value.problems] == [10, 16, 29]
