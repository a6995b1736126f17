"""The executor confirms every claim without asking a formula, and follows the rules that make it a witness."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from bundled import every_architecture, small_report
from every import for_every
from layers.cases import CASES, COMPUTED, Case
from networks import one_layer

import cnncalc
import cnncalc.layers.windows
from cnncalc.analysis.analyze import analyze_network
from cnncalc.executor import FUNCTIONS
from cnncalc.executor.base import Array, Ledger, TensorRequest, WeightSource, add_by_channel, scaled_by_channel
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import RandomWeights
from cnncalc.executor.windows import cut
from cnncalc.layers.base import Layer
from cnncalc.layers.facts import forget
from cnncalc.network.model import Network
from cnncalc.shapes import Shape
from cnncalc.verification.verify import verify_layers

EXECUTOR = Path(__file__).parents[2] / "cnncalc" / "executor"

METHODS = {name for name, value in vars(Layer).items() if callable(value) and not name.startswith("__")}
"""What a layer answers; the executor may ask none of it."""


@for_every(CASES, lambda case: case.sentence)
def test_execution_shows_what_is_claimed(case: Case) -> None:
    report = analyze_network(one_layer(case.make(), *case.inputs))
    (verdict,) = verify_layers(report)
    assert verdict.mismatches == ()
    assert (verdict.shape, verdict.macs) == (case.output, case.macs)
    assert verdict.values_used == case.params + case.buffers


# The edits of a new kind


def test_every_kind_has_a_function() -> None:
    assert list(FUNCTIONS) == COMPUTED


# The rules of the witness


@for_every(sorted(EXECUTOR.glob("*.py")))
def test_the_executor_neither_imports_nor_calls_a_formula(path: Path) -> None:
    forbidden = {f"cnncalc.layers.{name}" for name in ("windows", "reach", "derivations")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert forbidden.isdisjoint({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "layer":
            assert node.attr not in METHODS


def test_the_methods_of_a_layer_are_known() -> None:
    assert {"output_shape", "weight_shapes", "macs", "explain", "padding_pairs", "reach", "ops"} <= METHODS


class Zeros(WeightSource):
    """Weights that cost nothing to make."""

    def tensor(self, wanted: TensorRequest) -> Array:
        return np.zeros(wanted.shape, np.float32)


def every_class(cls: type[Layer]) -> set[type[Layer]]:
    return {cls, *(found for sub in cls.__subclasses__() for found in every_class(sub))}


@pytest.fixture
def no_formula(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and every formula of every layer raises."""

    def raising(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the executor asked a formula")

    def replace() -> None:
        for cls in every_class(Layer):  # type: ignore[type-abstract]
            for name in METHODS & vars(cls).keys():
                monkeypatch.setattr(cls, name, raising)
        for name in ("sliding_windows", "output_sizes", "axis_padding", "transposed_size", "transposed_padding"):
            monkeypatch.setattr(cnncalc.layers.windows, name, raising)
        for name in ("outputs", "effective", "padded", "remainder", "clipped"):
            monkeypatch.setattr(cnncalc.layers.windows.Window, name, raising)
        forget()

    return replace


def test_without_formulas_nothing_can_be_analysed(no_formula: Callable[[], None]) -> None:
    network = cnncalc.analyze("lenet5").network
    no_formula()
    with pytest.raises(AssertionError, match="asked a formula"):
        analyze_network(network)


@every_architecture
def test_every_architecture_executes_without_formulas(name: str, no_formula: Callable[[], None]) -> None:
    report = small_report(name)
    calculated = [(layer.facts.output, layer.facts.macs) for layer in report.layers]
    no_formula()
    inputs = {input_: np.zeros(shape.sizes(), np.float32) for input_, shape in report.network.inputs.items()}
    observed = [(o.shape, o.macs) for o in execute(report.network, inputs, Zeros())]
    assert observed == calculated


def test_an_offset_of_the_wrong_size_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"\(1,\) offsets are given for 3 channels"):
        add_by_channel(np.zeros((2, 2, 3), np.float32), np.zeros(1, np.float32))


def test_a_factor_of_the_wrong_size_is_not_repeated() -> None:
    x = np.zeros((2, 2, 3), np.float32)
    with pytest.raises(ValueError, match=r"\(1,\) factors are given for 3 channels"):
        scaled_by_channel(x, np.zeros(1, np.float32), None, None)


class WrongShapes(RandomWeights):
    """Weights of one name that lack their last row."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def tensor(self, wanted: TensorRequest) -> Array:
        array = super().tensor(wanted)
        return array[:-1] if wanted.name == self.name else array


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (0, 4), (2, 2), (3, 1)])
def test_what_lies_beyond_an_axis_is_not_clipped(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match=f"places {start} to {stop} of an axis of 3"):
        cut(np.zeros((2, 3), np.float32), -1, start, stop)


@pytest.mark.parametrize("name", ["weight", "bias"])
def test_weights_of_the_wrong_shape_are_refused(name: str) -> None:
    network = cnncalc.analyze(text="{input: 3x8x8, layers: [{conv: 4, kernel: 3}]}").network
    with pytest.raises(cnncalc.ExecutionError, match="^conv: conv cannot be executed on 3x8x8: "):
        list(execute(network, {"input": np.zeros((3, 8, 8), np.float32)}, WrongShapes(name)))


class Poisoned(RandomWeights):
    """Weights of which the first or the last value of one tensor is NaN."""

    def __init__(self, name: str, place: int) -> None:
        super().__init__()
        self.name, self.place = name, place

    def tensor(self, wanted: TensorRequest) -> Array:
        array = np.ascontiguousarray(super().tensor(wanted))
        if wanted.name == self.name:
            array.reshape(-1)[self.place] = np.nan
        return array

    def parts(self, wanted: TensorRequest) -> Any:
        return [lambda: self.tensor(wanted)]


@for_every([case for case in CASES if case.params + case.buffers], lambda case: case.sentence)
def test_every_tensor_is_used_to_its_ends(case: Case) -> None:
    # A NaN in a weight that is multiplied or added shows in the output.
    network = one_layer(case.make(), *case.inputs)
    inputs = {name: np.ones(shape.sizes(), np.float32) * -1 for name, shape in network.inputs.items()}
    if case.kind == "embedding":  # the first and the last of its ids
        inputs = {name: np.linspace(0, case.settings["ids"] - 1, len(x)).round() for name, x in inputs.items()}
    (clean,) = execute(network, inputs, RandomWeights())
    assert not np.isnan(clean.output).any()
    assert clean.weights
    for name in clean.weights:
        for place in (0, -1):
            (poisoned,) = execute(network, inputs, Poisoned(name, place))
            assert np.isnan(poisoned.output).any(), (name, place)


# Memory


def outputs(network: Network) -> list[Array]:
    weights = RandomWeights()
    inputs = weights.inputs(network)
    return [np.array(observation.output) for observation in execute(network, inputs, weights)]


ALIASED = """
input: 3x8x8
layers:
- {name: a, conv: 4, kernel: 3}
- {name: b, dropout: 0.5}
- {name: c, relu: }
- {name: d, from: a, tanh: }
- {name: e, add: [a, b, c, d]}
- {name: f, slice: 0..2}
- {name: g, relu6: }
- {name: h, concat: [f, g, e]}
- bn
- relu
"""


def test_what_somebody_still_reads_is_never_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    network = cnncalc.analyze(text=ALIASED).network
    reused = outputs(network)
    monkeypatch.setattr(Ledger, "spare", lambda self, x: None)
    for path, mine, expected in zip(network.nodes, reused, outputs(network), strict=True):
        assert np.array_equal(mine, expected), path


def test_memory_that_nobody_reads_is_used_again() -> None:
    network = cnncalc.analyze(text="{input: 3x8x8, layers: [{conv: 4, kernel: 3}, bn, relu]}").network
    places = set()
    for observation in execute(network, {"input": np.ones((3, 8, 8), np.float32)}, RandomWeights()):
        places.add(observation.output.__array_interface__["data"][0])
    assert len(places) == 1


def test_the_callers_array_is_left_alone() -> None:
    network = cnncalc.analyze(text="{input: 3x8x8, layers: [relu, bn]}").network
    given = np.full((3, 8, 8), -1, np.float32)
    list(execute(network, {"input": given}, RandomWeights()))
    assert (given == -1).all()


def test_a_value_is_freed_after_its_last_reader() -> None:
    # 30 maps of 4 MB in a row: two or three are alive at once.
    import tracemalloc

    text = "{input: 16x256x256, layers: [{sequence: [{maxpool: 1}, {upsample: 1}], repeat: 15}]}"
    network = cnncalc.analyze(text=text).network
    array = np.zeros((16, 256, 256), np.float32)
    tracemalloc.start()
    for _ in execute(network, {"input": array}, RandomWeights()):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * array.nbytes


def test_an_observation_says_what_its_array_is() -> None:
    network = cnncalc.analyze(text="{layout: HWC, input: 8x6x3, layers: [{conv: 4, kernel: 3}]}").network
    (observation,) = execute(network, {"input": np.zeros((3, 8, 6), np.float32)}, RandomWeights())
    assert (observation.path, observation.shape) == ("conv", Shape(4, (6, 4)))
    assert observation.output.shape == (4, 6, 4)
