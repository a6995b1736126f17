"""Every kind has a trace; and what is written of it. tests/verification hold its values against the executor's."""

from typing import Any

import numpy as np
import pytest
from layers.cases import COMPUTED
from networks import one_layer

from cnncalc.errors import ExecutionError
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import GivenWeights
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.network.model import Node
from cnncalc.shapes import Shape
from cnncalc.tracing import TRACES
from cnncalc.tracing.network import traced
from cnncalc.tracing.trace import formula


def test_every_kind_has_a_trace() -> None:
    assert list(TRACES) == COMPUTED


# the image and the kernel of the assignment (seeds A), which gives 1.8
IMAGE = [[[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]]]
KERNEL = [[[[0.1, 0.2], [0.3, 0.4]]]]
TWO = [[[1, 2], [3, 4]], [[5, 6], [7, -8]]]


@pytest.mark.parametrize(
    ("kind", "settings", "inputs", "tensors", "place", "lines"),
    [
        ("conv", {"filters": 1, "kernel": 2}, [IMAGE], {"weight": KERNEL, "bias": [-0.5]}, (0, 0, 0),
         ["rows 0 to 1, columns 0 to 1", "1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 − 0.5 (bias) = 1.3"]),
        # 0.1 + 0.4 + 0.9 + 1.6 = 3 and 0.5 + 1.2 + 2.1 - 3.2 = 0.6
        ("conv", {"filters": 1, "kernel": 2, "bias": False}, [TWO], {"weight": [KERNEL[0] * 2]}, (0, 0, 0),
         ["rows 0 to 1, columns 0 to 1", "1·0.1 + 2·0.2 + 3·0.3 + 4·0.4 = 3",
          "5·0.1 + 6·0.2 + 7·0.3 + (−8)·0.4 = 0.6", "3 + 0.6 = 3.6"]),
        ("conv", {"filters": 1, "kernel": 2, "padding": 1, "bias": False}, [IMAGE], {"weight": KERNEL}, (0, 0, 0),
         ["rows −1 to 0, columns −1 to 0; 3 of 4 places are padding", "0·0.1 + 0·0.2 + 0·0.3 + 1·0.4 = 0.4"]),
        ("maxpool", {"kernel": 2}, [IMAGE], {}, (0, 1, 1), ["rows 2 to 3, columns 2 to 3", "max(3, 1, 1, 0) = 3"]),
        ("avgpool", {"kernel": 2}, [IMAGE], {}, (0, 0, 0),
         ["rows 0 to 1, columns 0 to 1", "(1 + 2 + 3 + 1)/4 = 1.75"]),
        ("adaptive_avgpool", {"size": 3}, [IMAGE], {}, (0, 0, 1),
         # floor(1*4/3) = 1 up to ceil(2*4/3) = 3
         ["⌊0·4/3⌋ = 0 to ⌈1·4/3⌉ − 1 = 1, ⌊1·4/3⌋ = 1 to ⌈2·4/3⌉ − 1 = 2", "(2 + 0 + 1 + 2)/4 = 1.25"]),
        ("fc", {"features": 1}, [[2, -3]], {"weight": [[10, 100]], "bias": [1]}, (0,),
         ["2·10 + (−3)·100 + 1 (bias) = −279"]),
        ("bn", {"eps": 0}, [TWO], {"running_mean": [0, 2], "running_var": [1, 4], "weight": [1, 3], "bias": [0, -1]},
         (1, 0, 0), ["2, kept of channel 1", "4", "(5 − 2)/√(4 + 0)·3 − 1 = 3.5"]),
        ("layernorm", {"eps": 0, "scale": False, "center": False}, [[1, 3]], {}, (1,),
         ["(1 + 3)/2 = 2", "((1 − 2)² + (3 − 2)²)/2 = 1", "(3 − 2)/√(1 + 0) = 1"]),
        ("relu", {}, [[-2]], {}, (0,), ["max(0, −2) = 0"]),
        ("leaky_relu", {"slope": 0.1}, [[-2]], {}, (0,), ["0.1·(−2) = −0.2"]),
        # e^0/(e^0 + e^0) = 1/2
        ("softmax", {}, [[0, 0]], {}, (0,), ["e^0/(e^0 + e^0) = 0.5"]),
        ("add", {}, [[1, 2], [3, -5]], {}, (1,), ["input1[1], input2[1]", "2 − 5 = −3"]),
        ("concat", {}, [[1, 2], [3, -5]], {}, (3,), ["input2[1] = −5"]),
        ("flatten", {}, [TWO], {}, (6,), ["input1[1, 1, 0] = 7"]),
        # 2 places of 1 value each, with kernel 2 and stride 2: the second tap puts 3*20 at place 1
        ("deconv", {"filters": 1, "kernel": 2, "stride": 2, "bias": False}, [[[3, 4]]], {"weight": [[[10, 20]]]},
         (0, 1), ["input places 0 (tap 1)", "3·20 = 60"]),
    ],
)  # fmt: skip
def test_what_is_written(
    kind: str, settings: dict[str, Any], inputs: list[Any], tensors: dict[str, Any], place: tuple[int, ...],
    lines: list[str],
) -> None:  # fmt: skip
    arrays = tuple(np.array(one, np.float32) for one in inputs)
    layer = make(LAYERS[kind], arrays[0].ndim - 1, **settings)
    node = Node("layer", layer, ("input1", "input2")[: len(arrays)], line=1)
    weights = GivenWeights({("layer", name): np.array(one, np.float32) for name, one in tensors.items()})
    network = one_layer(layer, *(Shape.of(array.shape) for array in arrays))._replace(nodes=(node,), outputs={})
    network = network._replace(inputs={name: Shape.of(a.shape) for name, a in zip(node.inputs, arrays, strict=True)})
    (step,) = execute(network, dict(zip(node.inputs, arrays, strict=True)), weights)
    given = {name: np.array(one, np.float32) for name, one in tensors.items()}
    trace = traced(node, arrays, step.output, given, place, "CHW").trace
    assert trace is not None
    assert [text for _, text in trace.lines] == lines


def test_a_value_that_the_loops_do_not_find_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRACES, "relu", lambda one: formula("2", 2.0))
    node, x = Node("a", make(LAYERS["relu"], 0), ("input",), line=1), np.array([1], np.float32)
    with pytest.raises(ExecutionError, match=r"^a\[0\]: the products give 2, and the executor found 1; one of them"):
        traced(node, (x,), x, {}, (0,), "CHW")
