"""The weights of a model file, under the names that the layers of the imported spec have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod
from os.path import splitext
from typing import TYPE_CHECKING

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import ExecutionError
from cnncalc.importing.files import ImportedModel
from cnncalc.importing.folding.same import paired
from cnncalc.importing.model import ModelNode, RefusedModel, StoredTensor
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.build import build_network
from cnncalc.shapes import Shape

if TYPE_CHECKING:
    from cnncalc.executor.base import Array, Key, Sizes
    from cnncalc.executor.files.reading import AnyArray

MAX_NAMED = 5
"""How many tensors a message names."""


def imported_weights(model: ImportedModel, weights: str | None = None) -> dict[str, Array]:
    """Every weight of the imported spec by its name there, `conv1/weight`.

    Args:
        model: the imported model.
        weights: a .npz or .safetensors file that has the tensors under the names of the model file; None for the
            model file itself.

    Raises:
        ExecutionError: weights are missing in the file, or do not fit the network.
        MissingExtra: the file needs a package that is not installed.
    """
    from cnncalc.executor.files.stored import arranged_tensor  # numpy

    wanted = _wanted(model)
    names = list(dict.fromkeys(tensor.name for tensor, _ in wanted.values()))
    arrays = _out_of_file(weights, names) if weights else _out_of_model(model, names)
    _require_all(model.file if weights is None else weights, [name for name in names if name not in arrays])
    return {
        "/".join(key): arranged_tensor(arrays[one.name], one, shape, f"{model.file}: {one.name:.80}")
        for key, (one, shape) in wanted.items()
    }


def _wanted(model: ImportedModel) -> dict[Key, tuple[StoredTensor, Sizes]]:
    """The tensor of the file for each weight of the spec, and its shape."""
    if model.graph.inexact:
        why = model.graph.inexact[0]
        raise ExecutionError(f"{model.file}: a run would not give the values of the file: {why:.200}")
    network = build_network(read_spec(Source(model.file, model.text)))
    pairs = paired(model.graph, network)
    stored = {
        (pairs[node.name].path, word): tensor
        for node in _with_channels_first(model)
        for word, tensor in node.tensors.items()
        if tensor.name
    }
    expected = {
        (layer.node.owner, word): shape
        for layer in analyze_network(network).layers
        for word, shape in layer.weight_shapes.items()
    }
    _require_all(model.file, ["/".join(key) for key in expected if key not in stored])
    return {key: (stored[key], shape) for key, shape in expected.items()}


def _with_channels_first(model: ImportedModel) -> Iterator[ModelNode]:
    """The nodes; a layer that reads a flattened map gets its weights in the order of channels first.

    Raises:
        ExecutionError: the order of the values of a map with its channels last matters elsewhere.
    """
    turned: dict[str, Shape] = {}
    shapes = {**model.graph.inputs, **{node.name: node.shape for node in model.graph.nodes}}
    for node in model.graph.nodes if model.graph.layout == "HWC" else ():
        entering, given = shapes[node.inputs[0]], [turned[name] for name in node.inputs if name in turned]
        moves = entering is not None and entering.channels > 1 and prod(entering.spatial) > 1
        if node.kind == "flatten" and moves and entering is not None:
            turned[node.name] = entering
        elif given and (node.kind in ACTIVATIONS or node.kind == "dropout") and not node.tensors:
            turned[node.name] = given[0]
        elif node.kind == "reshape" or (given and node.kind != "fc"):
            raise _misordered(model, node.name)
    for name in model.graph.outputs:
        if name in turned:
            raise _misordered(model, name)
    for node in model.graph.nodes:
        map_ = turned.get(node.inputs[0]) if node.kind == "fc" and "weight" in node.tensors else None
        yield node if map_ is None else node._replace(tensors=_of_map(node, map_))


def _of_map(node: ModelNode, map_: Shape) -> dict[str, StoredTensor]:
    """The weights of a fully connected layer, whose kernel has a row for each value of a map with channels last."""
    rank, out = map_.rank, node.settings["features"]
    axes = (rank + 1, rank, *range(rank))
    kernel = node.tensors["weight"]._replace(view=(*map_.spatial, map_.channels, out), axes=axes)
    return {**node.tensors, "weight": kernel}


def _misordered(model: ImportedModel, name: str) -> ExecutionError:
    words = "flattens a map with its channels last; a run would flatten it with its channels first"
    return ExecutionError(f"{model.file}: '{name:.60}' {words}")


def _require_all(file: str, missing: list[str]) -> None:
    if missing:
        more = f" and {len(missing) - MAX_NAMED:,} more" if len(missing) > MAX_NAMED else ""
        named = ", ".join(f"{name:.80}" for name in missing[:MAX_NAMED])
        raise ExecutionError(f"{file}: no values are found for {named}{more}")


def _out_of_model(model: ImportedModel, names: Iterable[str]) -> Mapping[str, AnyArray]:
    try:
        return model.format.tensors(model.content, names)
    except RefusedModel as error:
        raise ExecutionError(f"{model.file}: {error}") from None


def _out_of_file(path: str, names: Iterable[str]) -> Mapping[str, AnyArray]:
    """The tensors of a file that has only tensors."""
    from cnncalc.executor.loading import TENSOR_FILES

    file = TENSOR_FILES.get(splitext(path)[1].lower())
    if file is None:
        raise ExecutionError(f"{path}: weights are read from {' and '.join(TENSOR_FILES)} files")
    there = file.shapes(path)
    return file.read(path, [name for name in names if name in there])
