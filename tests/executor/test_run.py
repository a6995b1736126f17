"""Real values through a network, against results worked out by hand, and what is said about them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from cnncalc.errors import ExecutionError
from cnncalc.executor import memory
from cnncalc.executor import run as module
from cnncalc.executor.base import Array
from cnncalc.executor.inputs import Input, take_inputs
from cnncalc.executor.memory import available_memory, require_memory
from cnncalc.executor.run import Step, Summary, arranged, run, summarize
from cnncalc.executor.weights import GivenWeights, RandomWeights
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import text_source
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import Shape

IMAGE = [[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]]
KERNEL = [[[[0.1, 0.2], [0.3, 0.4]]]]

BY_HAND = [[1.8, 1.3, 1.6], [0.9, 2.0, 1.9], [1.6, 1.7, 0.8]]
"""The worked example of the assignment that the project comes from (seeds A; it gives the first value).

1*0.1 + 2*0.2 + 3*0.3 + 1*0.4 = 1.8    2*0.1 + 0*0.2 + 1*0.3 + 2*0.4 = 1.3    0*0.1 + 1*0.2 + 2*0.3 + 2*0.4 = 1.6
3*0.1 + 1*0.2 + 0*0.3 + 1*0.4 = 0.9    1*0.1 + 2*0.2 + 1*0.3 + 3*0.4 = 2.0    2*0.1 + 2*0.2 + 3*0.3 + 1*0.4 = 1.9
0*0.1 + 1*0.2 + 2*0.3 + 2*0.4 = 1.6    1*0.1 + 3*0.2 + 2*0.3 + 2*0.4 = 1.7    3*0.1 + 1*0.2 + 1*0.3 + 0*0.4 = 0.8
"""


def network(text: str) -> Network:
    return build_network(read_spec(text_source(text)))


def close(found: Array, expected: ArrayLike) -> bool:
    return found.shape == np.shape(expected) and np.allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_a_convolution_gives_the_nine_values_worked_out_by_hand() -> None:
    net = network("{input: 1x4x4, layers: [{conv: 1, kernel: 2, bias: false}]}")
    outputs = run(net, take_inputs(net, IMAGE), GivenWeights({("conv", "weight"): np.array(KERNEL, np.float32)}))
    assert close(outputs["conv"], [[BY_HAND]])


def test_bias_relu_and_pool_follow_the_convolution() -> None:
    net = network("{input: 1x4x4, layers: [{conv: 1, kernel: 2}, relu, {maxpool: 2, stride: 1}, flatten]}")
    weights = {("conv", "weight"): np.array(KERNEL, np.float32), ("conv", "bias"): np.array([-1.5], np.float32)}
    # less 1.5 and cut at 0: [[0.3, 0, 0.1], [0, 0.5, 0.4], [0.1, 0.2, 0]]; the largest of each 2x2
    assert close(run(net, take_inputs(net, IMAGE), GivenWeights(weights))["flatten"], [[0.5, 0.5, 0.5, 0.5]])


def test_inputs_of_a_batch_are_run_one_after_another() -> None:
    net = network("{input: 2, layers: [{fc: 1}]}")
    weights = {("fc", "weight"): np.array([[1, 10]], np.float32), ("fc", "bias"): np.array([100], np.float32)}
    outputs = run(net, take_inputs(net, [[1, 2], [3, 4], [5, 6]]), GivenWeights(weights))
    # 1 + 20 + 100, 3 + 40 + 100, 5 + 60 + 100
    assert outputs["fc"].tolist() == [[121], [143], [165]]


def test_weights_that_are_drawn_are_the_same_for_every_input_of_a_batch() -> None:
    net = network("{input: 3x8x8, layers: [{conv: 4, kernel: 3, norm: bn}, flatten, {fc: 2}]}")
    one = run(net, take_inputs(net, np.ones((3, 8, 8))), RandomWeights(0))["fc"]
    three = run(net, take_inputs(net, np.ones((3, 3, 8, 8))), RandomWeights(0))["fc"]
    assert (three == one).all()


def test_every_output_comes_by_its_name() -> None:
    net = network("{input: 2, layers: [{name: a, relu: }, {name: b, tanh: }, sigmoid], outputs: [b, a, input]}")
    outputs = run(net, take_inputs(net, [-1.0, 0.5]), RandomWeights(0))
    assert list(outputs) == ["b", "a", "input"]
    assert outputs["a"].tolist() == [[0, 0.5]]
    assert close(outputs["b"], [[0, 0.462117]])  # tanh 0.5
    assert outputs["input"].tolist() == [[-1, 0.5]]


def test_what_is_given_is_not_written_over() -> None:
    net, given = network("{input: 2, layers: [relu, {scale: }]}"), np.array([-1, 1], np.float32)
    weights = {("scale", "weight"): np.array([2, 3], np.float32), ("scale", "bias"): np.zeros(2, np.float32)}
    run(net, take_inputs(net, given), GivenWeights(weights))
    assert given.tolist() == [-1, 1]
    assert weights["scale", "weight"].tolist() == [2, 3]


@pytest.mark.parametrize(("shape", "batched"), [((2, 3), False), ((1, 2, 3), True)])
def test_outputs_have_the_layout_of_the_spec_and_the_batch_of_the_input(shape: tuple[int, ...], batched: bool) -> None:
    net = network("{layout: HWC, input: 2x3, layers: [relu]}")
    inputs = take_inputs(net, np.arange(6).reshape(shape))
    outputs = run(net, inputs, RandomWeights(0))
    assert outputs["relu"].tolist() == [[[0, 3], [1, 4], [2, 5]]]
    rows = [[0, 1, 2], [3, 4, 5]]
    assert arranged(outputs, inputs, "HWC")["relu"].tolist() == ([rows] if batched else rows)


def test_every_layer_of_every_input_is_shown_to_who_watches() -> None:
    net = network("{input: 2, layers: [relu, tanh]}")
    seen: list[object] = []

    def watch(steps: Iterable[Step], total: int) -> Iterable[Step]:
        seen.append(total)
        for number, step in steps:
            seen.append((number, step.path))
            yield number, step

    run(net, take_inputs(net, [[1, 2], [3, 4]]), RandomWeights(0), watch)
    assert seen == [4, (0, "relu"), (0, "tanh"), (1, "relu"), (1, "tanh")]


def test_a_layer_whose_output_is_not_finite_ends_the_run() -> None:
    net = network("{input: 1x1x2, layers: [{name: a, conv: 1, kernel: 1, bias: false}, relu]}")
    weights = GivenWeights({("a", "weight"): np.full((1, 1, 1, 1), 1e38, np.float32)})
    message = r"^a: the output of conv holds inf at \[0, 0, 1\], channels first; its input or weights are too large for"
    with pytest.raises(ExecutionError, match=message):
        run(net, take_inputs(net, [[[1, 10]]]), weights)


def test_a_negative_variance_is_hinted_at() -> None:
    net = network("{input: 1x1x1, layers: [{bn: }]}")
    one = np.ones(1, np.float32)
    weights = {("bn", name): one for name in ("weight", "bias", "running_mean")} | {("bn", "running_var"): -one}
    with pytest.raises(ExecutionError, match=r"holds nan at \[0, 0, 0\].*\(is a running_var below 0\?\)$"):
        run(net, {"input": Input(np.ones((1, 1, 1, 1), np.float32))}, GivenWeights(weights))


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        ("log", "is a value 0 or below"), ("divide: [input, input]", "is a divisor 0"),
        ("power: -0.5", "is a value below 0, or 0 with a negative exponent"),
    ],
)  # fmt: skip
def test_values_that_a_kind_does_not_take_are_hinted_at(layer: str, reason: str) -> None:
    net = network(f"{{input: 1x1x1, layers: [{{{layer}}}]}}")
    with pytest.raises(ExecutionError, match=rf"\({reason}\?\)$"):
        run(net, {"input": Input(np.zeros((1, 1, 1, 1), np.float32))}, GivenWeights({}))


def test_memory_that_runs_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> Iterable[object]:
        raise MemoryError("Unable to allocate 4.00 TiB")

    net = network("{input: 2, layers: [relu]}")
    monkeypatch.setattr(module, "execute", fail)
    with pytest.raises(ExecutionError, match=r"^the network does not fit into memory: Unable to allocate 4.00 TiB$"):
        run(net, take_inputs(net, [1, 2]), RandomWeights(0))


# What is said about an output


def test_the_largest_values_of_a_vector_come_first_and_equal_ones_in_their_order() -> None:
    (result,) = summarize(np.array([[1, 5, -2, 5, 1]], np.float32), 3, "CHW")
    assert result == Summary(Shape(5), -2.0, 5.0, 2.0, ((1, 5.0), (3, 5.0), (0, 1.0)), [1, 5, -2, 5, 1])


def test_a_vector_shorter_than_what_is_asked_for_is_shown_whole() -> None:
    (result,) = summarize(np.array([[1, 2]], np.float32), 5, "HWC")
    assert result.top == ((1, 2.0), (0, 1.0))


def test_a_map_has_no_largest_values_but_a_range() -> None:
    (result,) = summarize(np.array([[[1, 2, 6]], [[0, 1, 2]]], np.float32)[None], 5, "CHW")
    assert result == Summary(Shape(2, (1, 3)), 0.0, 6.0, 2.0, (), [[[1, 2, 6]], [[0, 1, 2]]])


def test_values_are_listed_in_the_layout_of_the_spec() -> None:
    (result,) = summarize(np.array([[[1, 2, 3]], [[4, 5, 6]]], np.float32)[None], 5, "HWC")
    assert result.shape == Shape(2, (1, 3))
    assert result.values == [[[1, 4], [2, 5], [3, 6]]]


def test_each_input_has_a_result() -> None:
    assert [result.largest for result in summarize(np.array([[1], [2], [3]], np.float32), 1, "CHW")] == [1, 2, 3]


def test_more_than_200_values_are_not_listed() -> None:
    few, many = (summarize(np.zeros((1, 1, length), np.float32), 5, "CHW")[0] for length in (200, 201))
    assert few.values == [[0.0] * 200]
    assert many.values is None


def test_numbers_have_the_digits_that_float32_has() -> None:
    # as float64, the float32 nearest to 1.8 is 1.7999999523162842
    (result,) = summarize(np.array([[1.8, 0.1]], np.float32), 1, "CHW")
    assert (repr(result.largest), repr(result.mean), repr(result.values)) == ("1.8", "0.95", "[1.8, 0.1]")


# Whether a network fits into the machine's memory


def test_what_needs_more_than_the_machine_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.executor.memory.available_memory", lambda: 8_000_000_000)
    require_memory(8_000_000_000)
    message = r"^executing the network needs 8,000\.0 GB of memory, and this process may use 8\.0 GB; a smaller "
    with pytest.raises(ExecutionError, match=message):
        require_memory(8_000_000_000_000)


def test_a_system_that_does_not_know_its_memory_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (available_memory() or 0) > 10**8
    monkeypatch.delattr("os.sysconf")
    monkeypatch.setattr(memory, "PROCESS_GROUPS", Path("nowhere"))
    monkeypatch.setattr("resource.getrlimit", lambda kind: (-1, -1))
    assert available_memory() is None
    require_memory(10**18)


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("0::/a/b", "a/memory.max"),
        ("0::/a/b", "a/b/memory.max"),
        ("5:cpu,memory:/a", "memory/a/memory.limit_in_bytes"),
    ],
)
def test_the_limits_of_control_groups_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, file: str
) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("12345\n", encoding="utf-8")
    (tmp_path / "memory.max").write_text("max\n", encoding="utf-8")
    (tmp_path / "groups").write_text(f"{line}\n4:cpuset:/x\n", encoding="utf-8")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "PROCESS_GROUPS", tmp_path / "groups")
    assert available_memory() == 12345


def test_a_limit_of_the_process_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda kind: (54321, -1))
    assert available_memory() == 54321
