"""Variants of a spec for an exercise: the same network with other, sensible numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import NoVariant, OverrideError, ShapeError, SpecError
from cnncalc.homework.secret import Secret
from cnncalc.homework.varied_numbers import Chooser, with_numbers
from cnncalc.language.model import Spec
from cnncalc.layers.base import Layer
from cnncalc.layers.windows import Window
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import AXES, Shape

MAX_SEED = 10**9

ATTEMPTS = 60
SIZES_TRIED = 2100
"""The most input sizes for one set of numbers; a network that halves eleven times repeats after 2,048."""
GRID = 32
"""The difference of height and width is a multiple of this if it leaves a remainder itself: five halvings."""
LAYERS_TRIED = 200_000
"""The most layers calculated in the search for one variant, about a second; a longer search finds none."""


class Variant(NamedTuple):
    """The facts on a sheet from which its exercise can be made again.

    Attributes:
        seed: the number of the variant.
        remainders: whether strides may leave a remainder; with them at least one does, if the network has strides.
        secret: the numbers depend on it, too, so that the seed alone does not give them.
    """

    seed: int
    remainders: bool = False
    secret: Secret | None = None

    def chooser(self, attempt: int) -> Chooser:
        """The chooser for one attempt to find the numbers."""
        text = f"{self.seed}/{attempt}"
        return Chooser(self.secret.drawn(text) if self.secret is not None else text)


class Variants:
    """The variants of a spec: the same network with other filters, features, kernels and input sizes.

    Only numbers that are written out are changed, on lines of `layers:` and of blocks; equal numbers of
    filters stay equal, so that shortcuts still fit. Claims are left out: they are about the old numbers.

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
        report = analyze_network(self._original)
        self._single = frozenset(path for path, shape in report.shapes.items() if shape.rank and shape.spatial[-1] < 2)
        self._strided = any(w.stride > 1 for layer in report.layers for w in _windows(layer.layer, layer.inputs))

    def network(self, variant: Variant) -> Network:
        """A variant; the same one always has the same numbers.

        Raises:
            NoVariant: no variant was found.
        """
        search = _Search(self._original, self._single, variant.remainders, variant.remainders and self._strided)
        for attempt in range(ATTEMPTS):
            if search.is_over:
                break
            chooser = variant.chooser(attempt)
            changed = with_numbers(self._spec, chooser, ambition=3 - attempt * 3 // ATTEMPTS)
            network = search.network(changed, chooser)
            if network is not None:
                return network
        found = "no variant has whole sizes everywhere; with remainders allowed (--allow-remainders) there may be some"
        if variant.remainders:
            found = "no other numbers were found with which the network is valid"
        raise NoVariant(f"{self._spec.file}: {found}")


class _Search:
    """The search for an input size at which a network is valid and its sizes are as wanted.

    Args:
        original: the network of which variants are made.
        single: the paths whose maps may be one pixel.
        allowed: whether a stride may leave a remainder.
        wanted: whether one must.
    """

    def __init__(self, original: Network, single: frozenset[str], allowed: bool, wanted: bool) -> None:
        self._original = original
        self._single = single
        self._allowed = allowed
        self._wanted = wanted
        self._left = LAYERS_TRIED

    @property
    def is_over(self) -> bool:
        """Whether the search has taken as long as it may."""
        return self._left < 0

    def network(self, spec: Spec, chooser: Chooser) -> Network | None:
        """The network of a spec with another input size; None if no size will do."""
        ((name, shape),) = self._original.inputs.items()
        size = shape.spatial[-1]
        try:
            layers = build_network(spec, inputs=_overrides(shape, 4 * size))
        except SpecError:
            return None
        if [node.path for node in layers.nodes] != [node.path for node in self._original.nodes]:
            return None  # other channels have turned a shortcut into a projection
        for spatial in _sizes(shape, chooser):
            wanted = Shape(shape.channels, spatial)
            if self.is_over:
                break
            if spatial[-1] == size or min(spatial) < 1 or not self._is_sensible(layers, name, wanted):
                continue
            try:
                return build_network(spec, inputs=[wanted.text(spec.layout)])
            except SpecError:
                continue
        return None

    def _is_sensible(self, layers: Network, name: str, wanted: Shape) -> bool:
        """Whether all sizes are whole (or, with remainders, not all), and only maps in `single` are one pixel."""
        shapes: dict[str, Shape] = {name: wanted}
        exact = True
        for node in layers.nodes:
            self._left -= 1
            inputs = tuple(shapes[path] for path in node.inputs)
            try:
                output = shapes[node.path] = node.layer.output_shape(*inputs)
            except ShapeError:
                return False
            windows = _windows(node.layer, inputs)
            exact = exact and all(_is_whole(window, getattr(node.layer, "padding", "")) for window in windows)
            if not exact and not self._allowed:
                return False
            if windows and output.spatial[-1] < 2 and node.path not in self._single:
                return False
        return not (exact and self._wanted)


def _windows(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Window, ...]:
    """The windows of a layer, if it has any."""
    windows: tuple[Window, ...] = layer.windows(*inputs) if hasattr(layer, "windows") else ()
    return windows


def _sizes(shape: Shape, chooser: Chooser) -> Iterator[tuple[int, ...]]:
    """Sizes around the original one, from a random one upwards and round: all are equally likely."""
    size = shape.spatial[-1]
    lowest, highest = max(size // 2, 4), max(size * 3 // 2, 8)
    count = highest - lowest + 1
    first = chooser.below(count)
    for step in range(min(count, SIZES_TRIED)):
        width = lowest + (first + step) % count
        yield from dict.fromkeys(_resized(shape, width, grid) for grid in (1, GRID))


def _resized(shape: Shape, width: int, grid: int) -> tuple[int, ...]:
    """The spatial sizes with another width, or length; the height differs from it as it did, on a grid."""
    differences = [other - shape.spatial[-1] for other in shape.spatial[-2:]]
    # Rounded away from 0: a map that was not square does not become square.
    rounded = [-(-d // grid) * grid if d > 0 else d // grid * grid for d in differences]
    return (*shape.spatial[:-2], *(width + difference for difference in rounded))


def _overrides(shape: Shape, size: int) -> list[str]:
    return [f"{letter}={size}" for letter in AXES[shape.rank][-2:]]


def _is_whole(window: Window, padding: object) -> bool:
    """Whether the stride divides without a remainder: with SAME padding the size itself."""
    if padding in ("same", "same_lower"):
        return window.size % window.stride == 0
    return window.remainder == 0
