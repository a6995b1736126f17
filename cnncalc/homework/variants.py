"""Variants of a spec for an exercise: the same network with other, sensible numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import NoVariant, OverrideError, ShapeError, SpecError
from cnncalc.homework.varied_numbers import Chooser, with_numbers
from cnncalc.layers.windows import Window
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import AXES, Shape
from cnncalc.spec.model import Spec
from cnncalc.spec.nodes import Mapping as MappingNode
from cnncalc.spec.nodes import Scalar

MAX_SEED = 10**9

ATTEMPTS = 60
SIZES_TRIED = 2100
"""Input sizes looked at for one set of numbers; a network that halves eleven times repeats after 2,048."""


class Variant(NamedTuple):
    """What a sheet carries, so that its exercise can be made again.

    Attributes:
        seed: which variant.
        remainders: whether strides may leave a remainder; with them at least one does.
    """

    seed: int
    remainders: bool = False


class Variants:
    """The variants of a spec: the same network with other filters, features, kernels and input sizes.

    Only numbers that are written out are changed, on lines of `layers:` and of blocks; equal numbers of
    filters stay equal, so that shortcuts still fit. Claims are left out: they were for the old numbers.

    Raises:
        SpecError: the spec is wrong as it is.
        OverrideError: it has several inputs, or one without spatial axes.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._original = build_network(spec)
        inputs = self._original.inputs
        if len(inputs) != 1 or not next(iter(inputs.values())).rank:
            raise OverrideError("variants are made for networks with one input that has spatial axes")
        shapes = analyze_network(self._original).shapes
        self._single = frozenset(path for path, shape in shapes.items() if shape.rank and shape.spatial[-1] < 2)

    def network(self, variant: Variant) -> Network:
        """A variant; the same one always has the same numbers.

        Raises:
            NoVariant: none was found.
        """
        for attempt in range(ATTEMPTS):
            chooser = Chooser(f"{variant.seed}/{attempt}")
            changed = with_numbers(self._spec, chooser, ambition=3 - attempt * 3 // ATTEMPTS)
            network = _with_size(changed, self._original, self._single, chooser, variant.remainders)
            if network is not None:
                return network
        advice = "" if variant.remainders else "; with remainders allowed (--allow-remainders) there may be some"
        raise NoVariant(f"{self._spec.file}: no variant has whole sizes everywhere{advice}")


def _with_size(
    spec: Spec, original: Network, single: frozenset[str], chooser: Chooser, remainders: bool
) -> Network | None:
    """The network with an input size at which it is valid and its sizes are as wanted; None where there is none."""
    ((name, shape),) = original.inputs.items()
    size = shape.spatial[-1]
    try:
        layers = build_network(spec, inputs=_overrides(shape, 4 * size))
    except SpecError:
        return None
    if [node.path for node in layers.nodes] != [node.path for node in original.nodes]:
        return None  # other channels have made a projection of a shortcut
    for candidate in _sizes(size, chooser):
        wanted = Shape(shape.channels, _resized(shape, candidate))
        if candidate == size or not _is_sensible(layers, name, wanted, single, remainders):
            continue
        try:
            return build_network(_with_input(spec, name, wanted))
        except SpecError:
            continue
    return None


def _sizes(size: int, chooser: Chooser) -> Iterator[int]:
    """Sizes around the original one, from a random one upwards and round: all are equally likely."""
    lowest, highest = max(size // 2, 4), max(size * 3 // 2, 8)
    count = highest - lowest + 1
    first = chooser.below(count)
    yield from (lowest + (first + step) % count for step in range(min(count, SIZES_TRIED)))


def _resized(shape: Shape, size: int) -> tuple[int, ...]:
    """The spatial sizes with another one for height and width, or for the length."""
    return (*shape.spatial[:-2], *(size for _ in shape.spatial[-2:]))


def _overrides(shape: Shape, size: int) -> list[str]:
    return [f"{letter}={size}" for letter in AXES[shape.rank][-2:]]


def _is_sensible(layers: Network, name: str, wanted: Shape, single: frozenset[str], remainders: bool) -> bool:
    """Whether all sizes are whole (or, with remainders, not all), and only maps in `single` are one pixel."""
    shapes: dict[str, Shape] = {name: wanted}
    exact = True
    for node in layers.nodes:
        inputs = tuple(shapes[path] for path in node.inputs)
        try:
            output = shapes[node.path] = node.layer.output_shape(*inputs)
        except ShapeError:
            return False
        windows: tuple[Window, ...] = node.layer.windows(inputs[0]) if hasattr(node.layer, "windows") else ()
        exact = exact and all(_is_whole(window, getattr(node.layer, "padding", "")) for window in windows)
        if not exact and not remainders:
            return False
        if windows and output.spatial[-1] < 2 and node.path not in single:
            return False
    return not (exact and remainders)


def _is_whole(window: Window, padding: object) -> bool:
    """Whether the stride divides: with SAME padding the size itself."""
    if padding in ("same", "same_lower"):
        return window.size % window.stride == 0
    return window.remainder == 0


def _with_input(spec: Spec, name: str, shape: Shape) -> Spec:
    """The spec with another input."""
    key, node = spec.inputs[name]
    mapping = MappingNode(node.line, node.column)
    for letter, size in zip(("C", *AXES[shape.rank]), shape.sizes(), strict=True):
        mapping.keys[letter] = Scalar(letter, node.line, node.column)
        mapping.values[letter] = Scalar(str(size), node.line, node.column)
    return spec._replace(inputs={**spec.inputs, name: (key, mapping)})
