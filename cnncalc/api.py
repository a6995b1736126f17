"""The calculator from Python: from a spec to its report."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import isfinite
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.analyze import analyze_spec, checked_batch
from cnncalc.analysis.memory import DTYPES, OPTIMIZERS
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.errors import OverrideError, SpecError
from cnncalc.importing.sources import read_any
from cnncalc.language.expressions import Number
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.origins import relocated_error
from cnncalc.language.source import Source, text_source
from cnncalc.shapes import by_axis

if TYPE_CHECKING:
    # numpy is loaded by functions that execute, and by nothing else; pictures by those that draw
    from cnncalc.drawing.draw import Drawing
    from cnncalc.drawing.svg import Theme
    from cnncalc.executor.base import Array
    from cnncalc.verification.verdicts import Mismatch


def analyze(
    spec: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    input: str | Sequence[str] | Sequence[int] = (),  # noqa: A002 - the option's and the spec's word for it
    set: Mapping[str, object] | None = None,  # noqa: A002 - the option's word for it
    batch: int = 1,
    dtype: str = "fp32",
    optimizer: str = "sgd",
    profile: str = DEFAULT_PROFILE,
) -> Report:
    """The report on an architecture.

    Args:
        spec: a path, or the name of a bundled architecture (`"alexnet"`).
        text: the spec itself, instead of `spec`.
        input: a shape or size that replaces that of the spec: `"3x160x160"`, `(3, 160, 160)`, `"H=160"`,
            or several texts.
        set: values for the spec's `vars:`; numbers, or texts as in a spec.
        batch: the number of inputs at once; multiplies all but params, buffers and their memory.
        dtype: the number format that figures in bytes are for: fp32, fp16, bf16 or int8.
        optimizer: the one whose state counts in the memory for training: sgd, momentum or adam.
        profile: the way of counting `flops`: `"thop"`; the default is 2 · macs.

    Returns:
        Every figure; `report["conv1"].params`, `report.totals.macs`.

    Raises:
        SpecError: the spec is wrong; it carries every problem with its place.
        ArchitectureNotFound: there is no such file or bundled architecture.
        OverrideError: `input`, `set`, `batch`, `dtype`, `optimizer` or `profile` does not fit.
        TypeError: neither or both of `spec` and `text` are given.

    Example:
        >>> analyze("lenet5").totals.params
        60000
    """
    if (spec is None) == (text is None):
        raise TypeError("analyze() takes a spec or text=, one of the two")
    source = text_source(text) if text is not None else read_any(fspath(spec or ""))
    variables = {name: _exact(value) for name, value in (set or {}).items()}
    return analyze_source(
        source, inputs=_inputs(input), variables=variables, batch=batch, dtype=dtype, optimizer=optimizer,
        profile=profile,
    )  # fmt: skip


def verify(
    spec: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    input: str | Sequence[str] | Sequence[int] = (),  # noqa: A002 - the option's and the spec's word for it
    set: Mapping[str, object] | None = None,  # noqa: A002 - the option's word for it
    seed: int = 0,
    receptive_field: bool = False,
    against: str | None = None,
    values: bool = False,
) -> list[Mismatch]:
    """Execute an architecture in numpy and compare every shape, weight and MAC count with the formulas.

    Args:
        spec: a path, or the name of a bundled architecture.
        text: the spec itself, instead of `spec`.
        input: a shape or size that replaces that of the spec, as for `analyze`.
        set: values for the spec's `vars:`.
        seed: of the random input and weights.
        receptive_field: whether to look from single pixels, too, for the outputs that they reach.
        against: `onnxruntime` to compare the values of every layer with those of ONNX Runtime.
        values: whether to compare some values of every layer with those of plain loops, on a small input.

    Returns:
        The mismatches; an empty list when everything is as calculated.

    Raises:
        SpecError, ArchitectureNotFound, OverrideError, TypeError: as `analyze`.
        ExecutionError: the network needs more memory than this machine has.
        MissingExtra: ONNX Runtime is asked for and not installed.

    Example:
        >>> verify("lenet5")
        []
    """
    from cnncalc.verification.verify import verified

    report = analyze(spec, text=text, input=input, set=set)
    found = verified(report, seed=_checked_seed(seed), receptive_field=receptive_field, against=against, values=values)
    return list(found.mismatches)


def draw(
    spec: Report | str | PathLike[str],
    *,
    style: str = "graph",
    depth: int | None = 1,
    theme: Theme = "auto",
    log: bool = False,
) -> Drawing:
    """An architecture as a picture.

    Args:
        spec: a report, a path, or the name of a bundled architecture.
        style: graph, volumes or table.
        depth: how far blocks are unfolded; None for down to single layers.
        theme: auto, light or dark; auto is as bright or dark as the page around it.
        log: whether volumes are to the logarithm of their sizes.

    Returns:
        The text of an SVG file, which a notebook shows as a picture.

    Raises:
        OverrideError: `style`, `theme` or `depth` is not one of these.
        SpecError, ArchitectureNotFound: as `analyze`.

    Example:
        >>> draw("lenet5", style="volumes")[:5]
        '<svg '
    """
    from cnncalc.drawing.draw import STYLES, draw_report
    from cnncalc.drawing.svg import THEMES

    for word, value, known in (("style", style, STYLES), ("theme", theme, THEMES)):
        if value not in known:
            raise OverrideError(f"{word} is {value!r}; one of {', '.join(known)} is expected")
    if depth is not None and (type(depth) is not int or depth < 1):
        raise OverrideError(f"depth is {depth!r}; a whole number of 1 or more is expected, or None")
    return draw_report(spec if isinstance(spec, Report) else analyze(spec), style, depth, theme, log=log)


def export(
    spec: str | PathLike[str] | None = None,
    *,
    to: str,
    text: str | None = None,
    input: str | Sequence[str] | Sequence[int] = (),  # noqa: A002 - the option's and the spec's word for it
    set: Mapping[str, object] | None = None,  # noqa: A002 - the option's word for it
) -> str:
    """An architecture as code, or as the text of a file for another program.

    Args:
        spec: a path, or the name of a bundled architecture.
        to: pytorch, keras, scale-sim or timeloop.
        text: the spec itself, instead of `spec`.
        input: a shape or size that replaces that of the spec, as for `analyze`.
        set: values for the spec's `vars:`.

    Raises:
        SpecError, ArchitectureNotFound, TypeError: as `analyze`.
        OverrideError: there is no such target, or as `analyze`.
        ExportError: the target has no equivalent for some layers; it lists all of them.

    Example:
        >>> print(export(text="{input: 1x8x8, layers: [{conv: 4, kernel: 3}]}", to="scale-sim").splitlines()[1])
        conv, 8, 8, 3, 3, 1, 4, 1,
    """
    from cnncalc.exporting.export import TARGETS, exported

    if to not in TARGETS:
        raise OverrideError(f"to is {to!r:.40}; one of {', '.join(TARGETS)} is expected")
    return exported(analyze(spec, text=text, input=input, set=set), to).text


def _inputs(given: str | Sequence[str] | Sequence[int]) -> tuple[str, ...]:
    """Shapes and sizes as texts."""
    if not isinstance(given, str | Sequence):
        raise OverrideError(f"input is {given!r:.40}; a shape is expected, as '3x160x160' or (3, 160, 160)")
    if isinstance(given, str) or (given and all(type(size) is int for size in given)):
        return (given if isinstance(given, str) else by_axis(given),)
    return tuple(map(str, given))


def _exact(value: object) -> str | Number:
    """A variable's value as it is written: 0.1 is a tenth, not the float next to it."""
    if isinstance(value, float):
        return Fraction(repr(value)) if isfinite(value) else repr(value)
    return value if type(value) is int or isinstance(value, Fraction) else str(value)


def from_torch(model: Any, inputs: Any, **options: Any) -> Report:
    """The report on a module of PyTorch, which is exported with torch.export; its own state stays as it is.

    Args:
        model: a torch.nn.Module.
        inputs: a tensor to call it with, or a tuple of them; their values are not read.
        options: those of `analyze` but for `spec`, `text` and `input`.

    Raises:
        TypeError: it is not a module of PyTorch, or its inputs are not tensors.
        SpecError: it has operations without a kind, or as `analyze`. What torch itself raises comes through.
    """
    from cnncalc.importing.files import import_text
    from cnncalc.importing.objects import torch_content

    return analyze(text=import_text("<model>", torch_content(model, inputs)), **options)


def from_keras(model: Any, **options: Any) -> Report:
    """The report on a Keras model, by its configuration.

    Args:
        model: an object with `to_json()`.
        options: those of `analyze` but for `spec` and `text`.

    Raises:
        TypeError: it is not a Keras model, or one without layers or input.
        SpecError: it has layers without a kind, or as `analyze`.
    """
    from cnncalc.importing.files import import_text
    from cnncalc.importing.objects import keras_content

    return analyze(text=import_text("<model>", keras_content(model)), **options)


def analyze_source(
    source: Source | Spec,
    *,
    inputs: Sequence[str] = (),
    variables: Mapping[str, str | Number] | None = None,
    batch: int = 1,
    dtype: str = "fp32",
    optimizer: str = "sgd",
    profile: str = DEFAULT_PROFILE,
    open_sizes: bool = False,
) -> Report:
    """The report on a text with the name for its problems, or on the spec that `read_spec` made of it.

    The other arguments are those of `analyze`: `inputs` are its `input`, `variables` its `set`. With
    `open_sizes` the spec may leave sizes of its inputs open; `other` of the report is another one then.

    Raises:
        SpecError, OverrideError: as `analyze`.
    """
    checked_batch(batch)
    for word, value, known in (("dtype", dtype, DTYPES), ("optimizer", optimizer, OPTIMIZERS)):
        if not isinstance(value, str) or value not in known:
            raise OverrideError(f"{word} is {value!r}; one of {', '.join(known)} is expected")
    origins = source.origins if isinstance(source, Source) else None
    with _garbage_collection_paused():
        try:
            report = analyze_spec(
                source if isinstance(source, Spec) else read_spec(source), inputs=inputs, variables=variables,
                batch=batch, dtype=dtype, optimizer=optimizer, profile=profile, open_sizes=open_sizes,
            )  # fmt: skip
        except SpecError as error:
            raise relocated_error(error, origins) from None
    if origins is None:
        return report
    from cnncalc.analysis.relocation import relocated  # specs need nobody who knows other files

    return relocated(report, origins)


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Pause the search for cycles: reading makes many small objects and hardly a cycle, and it costs half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                # Puts all new objects into the oldest generation, instead of looking through them at once.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def run(
    spec: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    input: Any = None,  # noqa: A002 - the option's and the spec's word for it
    weights: str | PathLike[str] | Mapping[str, Any] | None = None,
    seed: int | None = None,
    shape: str | Sequence[str] | Sequence[int] = (),
    set: Mapping[str, object] | None = None,  # noqa: A002 - the option's word for it
) -> Array | dict[str, Array]:
    """The outputs of an architecture for real values, executed in numpy.

    Args:
        spec: a path, or the name of a bundled architecture.
        text: the spec itself, instead of `spec`.
        input: an array in the spec's layout, or a mapping from input names to arrays; with one more axis
            in front for several inputs, which the outputs then have too.
        weights: a .npz or .safetensors file, or a mapping from names as `conv1/weight` to arrays.
        seed: draws weights or inputs at random if they are not given.
        shape: another shape of the input, as `input` of `analyze`.
        set: values for the spec's `vars:`.

    Returns:
        The output in the spec's layout; several outputs by name.

    Raises:
        SpecError, ArchitectureNotFound: as `analyze`.
        OverrideError: `shape`, `set` or `seed` does not fit.
        ExecutionError: arrays do not fit the network, or have values that are not finite numbers.
        MissingExtra: weights are a .safetensors file, and the library is not installed.
        TypeError: `input` or `weights` is not given, and neither is a seed.

    Example:
        >>> run(text="{input: 1x2x2, layers: [{avgpool: 2}]}", input=[[1, 2], [3, 6]]).tolist()
        [[[3.0]]]
    """
    from cnncalc.analysis.execution_memory import execution_memory
    from cnncalc.executor.inputs import count_of, draw_inputs, take_inputs
    from cnncalc.executor.loading import find_weights, unused_text
    from cnncalc.executor.memory import require_memory
    from cnncalc.executor.run import arranged
    from cnncalc.executor.run import run as run_network

    report = analyze(spec, text=text, input=shape, set=set)
    network, expected = report.network, expected_weights(report)
    if seed is None and (input is None or (weights is None and expected)):
        raise TypeError("run() takes input= and weights=, or seed= to draw what is not given")
    if seed is not None:
        _checked_seed(seed)
    inputs = draw_inputs(network, seed or 0) if input is None else take_inputs(network, input)
    require_memory(execution_memory(report, inputs=count_of(inputs), weights_kept=True))
    source, unused = find_weights(weights, expected, seed or 0)
    if unused:
        warnings.warn(unused_text(unused), stacklevel=2)
    outputs = arranged(run_network(network, inputs, source), inputs, network.layout)
    return outputs if len(outputs) > 1 else next(iter(outputs.values()))


def _checked_seed(seed: int) -> int:
    """The seed, after a check."""
    if type(seed) is not int or seed < 0:
        raise OverrideError(f"seed is {seed!r:.40}; a whole number of 0 or more is expected")
    return seed


def expected_weights(report: Report) -> dict[tuple[str, str], tuple[int, ...]]:
    """The shape of every weight, by its layer's path and its name."""
    return {(layer.node.owner, name): shape for layer in report.layers for name, shape in layer.weight_shapes.items()}
