"""Network → observations: every layer executed in numpy, without asking its formulas.

The rules that make this a witness (`cnncalc guide design`): a layer's fields may be read, but no method of a
layer is called; nothing is allocated by a predicted shape; nothing is repaired; observations come
from the arrays that were there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from cnncalc.errors import ExecutionError, OutOfMemory
from cnncalc.executor import FUNCTIONS
from cnncalc.executor.base import Array, Ledger, Sizes, WeightSource, by
from cnncalc.executor.rearrangement import channels_first, channels_last
from cnncalc.executor.threads import blas_alone
from cnncalc.network.model import Network, Node
from cnncalc.shapes import Shape


class Observation(NamedTuple):
    """The observation of one layer's execution.

    Attributes:
        node: the layer in its place.
        output: its output, channels first. Only valid until the next layer is executed: its memory may
            be used again.
        weights: the shape of each stored tensor that was used, by name.
        macs: multiply–accumulates performed.
    """

    node: Node
    output: Array
    weights: Mapping[str, Sizes]
    macs: int

    @property
    def path(self) -> str:
        """The layer's unique name."""
        return self.node.path

    @property
    def shape(self) -> Shape:
        """The output's shape, as numpy has it."""
        return Shape.of(self.output.shape)


class Values:
    """The values that some node of the network still reads."""

    def __init__(self, network: Network) -> None:
        self._arrays: dict[str, Array] = {}
        self._readers = Counter(path for node in network.nodes for path in node.inputs)
        self._readers.update(network.outputs.values())
        self._views: Counter[int] = Counter()

    def __getitem__(self, path: str) -> Array:
        return self._arrays[path]

    def put(self, path: str, array: Array) -> None:
        """Keep a value."""
        self._arrays[path] = array
        self._views[id(_owner(array))] += 1

    def spare(self, node: Node) -> bool:
        """Whether the node may write over its input: it is the last reader, and no other value is a view of it."""
        array = self._arrays[node.inputs[0]]
        return self._readers[node.inputs[0]] == 1 and self._views[id(_owner(array))] == 1

    def read(self, paths: Iterable[str]) -> None:
        """Note that a node has read these values, and free those without further readers."""
        for path in paths:
            self._readers[path] -= 1
            self.free(path)

    def free(self, path: str) -> None:
        """Free a value unless it has a reader."""
        if self._readers[path] <= 0 and path in self._arrays:
            self._views[id(_owner(self._arrays.pop(path)))] -= 1


def _owner(array: Array) -> object:
    """The array that owns the memory of this one."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def execute(network: Network, inputs: Mapping[str, Array], weights: WeightSource) -> Iterator[Observation]:
    """Execute a network layer by layer. A value is freed after its last reader.

    Each input is an array with the channels first, without batch.

    Yields:
        One observation for each node, in order.

    Raises:
        ExecutionError: numpy cannot execute a layer: its settings, weights and input do not fit.
    """
    values = Values(network)
    for name, array in inputs.items():
        values.put(name, np.array(channels_last(array), np.float32))
    for node in network.nodes:
        ledger = Ledger(node.owner, weights, spare=values.spare(node))
        output = _executed(node, ledger, [values[path] for path in node.inputs])
        values.put(node.path, output)
        values.read(node.inputs)
        observation = Observation(node, channels_first(output), ledger.used, ledger.macs)
        del output
        yield observation
        del observation
        values.free(node.path)


def _executed(node: Node, ledger: Ledger, operands: list[Array]) -> Array:
    if not node.layer.executed:
        raise ExecutionError(f"{node.path}: an opaque operation cannot be executed; what it computes is not known")
    # Made-up values may overflow, and the witness of the receptive field is NaN.
    with np.errstate(all="ignore"), blas_alone():
        try:
            return FUNCTIONS[node.layer.kind](node.layer, ledger, *operands)
        except MemoryError as error:
            raise OutOfMemory(f"{node.path}: there is not enough memory to execute it: {error}") from None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            shapes = ", ".join(by(channels_first(x).shape) for x in operands)
            raise ExecutionError(f"{node.path}: {node.layer.kind} cannot be executed on {shapes}: {error}") from error
