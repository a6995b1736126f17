"""Variants of a spec for an exercise: the same network with other, sensible numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import NoVariant, OverrideError, ShapeError, SpecError
from cnncalc.layers.windows import Window
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.network.vocabulary import WORDS, kind_of
from cnncalc.shapes import AXES, Shape
from cnncalc.spec.model import Block, Line, Spec
from cnncalc.spec.nodes import Mapping as MappingNode
from cnncalc.spec.nodes import Node, Scalar

T = TypeVar("T")

MAX_SEED = 10**9

LADDER = (
    4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640,
    768, 896, 1024, 1280, 1536, 2048,
)  # fmt: skip
"""Numbers of filters that networks have."""

FEATURES = (32, 64, 84, 100, 120, 128, 200, 256, 300, 400, 500, 512, 1000, 1024, 2048, 4096)
"""Numbers of features of hidden layers."""

CLASSES = (2, 5, 10, 17, 20, 37, 50, 100, 102, 120, 200, 365, 500, 1000)
"""Numbers of classes that datasets have."""

KERNELS = {3: (3, 5), 5: (3, 5, 7), 7: (5, 7, 9), 9: (7, 9, 11), 11: (7, 9, 11), 2: (2, 3)}
"""Kernels that may stand for one another."""

FILTER_KINDS = ("conv", "deconv")
KERNEL_KINDS = ("conv", "depthwise", "maxpool", "avgpool")

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
            chooser = _Chooser(f"{variant.seed}/{attempt}")
            changed = _with_numbers(self._spec, chooser, ambition=3 - attempt * 3 // ATTEMPTS)
            network = _with_size(changed, self._original, self._single, chooser, variant.remainders)
            if network is not None:
                return network
        advice = "" if variant.remainders else "; with remainders allowed (--allow-remainders) there may be some"
        raise NoVariant(f"{self._spec.file}: no variant has whole sizes everywhere{advice}")


class _Chooser:
    """Choices that depend on nothing but the seed, in every version of Python."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but without, the limit."""
        return int(self._random.random() * limit)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]


def _with_numbers(spec: Spec, chooser: _Chooser, ambition: int) -> Spec:
    """The spec with other filters, features and kernels; less is changed where the ambition is lower."""
    numbers = _Numbers(spec, chooser, ambition)
    layers = tuple(numbers.line(line) for line in spec.layers)
    blocks = {
        name: Block(block.name, block.at, block.parameters, tuple(numbers.line(line) for line in block.body))
        for name, block in spec.blocks.items()
    }
    return spec._replace(layers=layers, blocks=blocks, claims=())


class _Numbers:
    """New numbers for the lines of one spec. Equal filters become equal filters."""

    def __init__(self, spec: Spec, chooser: _Chooser, ambition: int) -> None:
        self._spec = spec
        self._chooser = chooser
        self._ambition = ambition
        self._filters: dict[int, int] = {}
        self._features: dict[int, int] = {}
        lines = [*spec.layers, *(line for block in spec.blocks.values() for line in block.body)]
        self._last = next((line for line in reversed(spec.layers) if _kind(line) == "fc"), None)
        # A table of connections names its maps: their number must stay.
        self._fixed = any("connections" in line.settings for line in lines)

    def line(self, line: Line) -> Line:
        """The line with other numbers, and without its claims."""
        kind, changes = _kind(line), dict[str, int]()
        key = next((word for word in line.settings if word in WORDS), "")
        if kind in FILTER_KINDS and not self._fixed and self._ambition > 1:
            changes |= self._filter_count(line, key)
        if kind == "fc":
            changes |= self._feature_count(line, key)
        if kind in KERNEL_KINDS and self._ambition > 2:
            changes |= self._kernel(line, kind, key)
        return _changed(line, changes)

    def _filter_count(self, line: Line, key: str) -> dict[str, int]:
        count = _literal(line.settings[key])
        if count is None or count < LADDER[0]:
            return {}
        near = [n for n in LADDER if count / 2 <= n <= count * 1.5] or [count]
        return {key: self._filters.setdefault(count, self._chooser.one_of(near))}

    def _feature_count(self, line: Line, key: str) -> dict[str, int]:
        count = _literal(line.settings[key])
        if count is None:
            return {}
        if line is self._last:
            return {key: self._chooser.one_of(CLASSES)}
        near = [n for n in FEATURES if count / 2 <= n <= count * 2] or [count]
        return {key: self._features.setdefault(count, self._chooser.one_of(near))}

    def _kernel(self, line: Line, kind: str, key: str) -> dict[str, int]:
        """Another kernel; a padding of half the kernel stays one."""
        word = "kernel" if kind == "conv" else key
        kernel = _literal(line.settings.get(word))
        if kernel not in KERNELS or "kernel" in self._defaults(kind):
            return {}
        padding, given = _literal(line.settings.get("padding")), "padding" in line.settings
        if not given and _literal(self._defaults(kind).get("padding")) is not None:
            return {}
        new = self._chooser.one_of(KERNELS[kernel])
        return {word: new, **({"padding": new // 2} if padding == kernel // 2 and padding else {})}

    def _defaults(self, kind: str) -> Mapping[str, Node]:
        _, given = self._spec.defaults.get(kind, (None, None))
        return given.values if isinstance(given, MappingNode) else {}


def _kind(line: Line) -> str:
    """The kind of a line; empty for a block."""
    return next((kind_of(word).word for word in line.settings if word in WORDS), "")


def _literal(node: Node | None) -> int | None:
    """The whole number that is written out, if that is one."""
    if isinstance(node, Scalar) and node.text.isascii() and node.text.isdigit() and len(node.text) < 10:
        return int(node.text)
    return None


def _changed(line: Line, changes: Mapping[str, int]) -> Line:
    settings = dict(line.settings)
    for word, number in changes.items():
        at = line.settings[word]
        settings[word] = Scalar(str(number), at.line, at.column) if at is not None else None
    copy = Line(line.keys, settings, line.line, line.column)
    copy.name, copy.source, copy.repeat, copy.first = line.name, line.source, line.repeat, line.first
    return copy


def _with_size(
    spec: Spec, original: Network, single: frozenset[str], chooser: _Chooser, remainders: bool
) -> Network | None:
    """The network with an input size at which it is valid and its sizes are as wanted; None where there is none."""
    ((name, shape),) = original.inputs.items()
    size = shape.spatial[-1]
    try:
        layers = build_network(spec, inputs=_overrides(shape, 4 * size))
    except SpecError:
        return None
    for candidate in _sizes(size, chooser):
        wanted = Shape(shape.channels, _resized(shape, candidate))
        if candidate == size or not _is_sensible(layers, name, wanted, single, remainders):
            continue
        try:
            return build_network(_with_input(spec, name, wanted))
        except SpecError:
            continue
    return None


def _sizes(size: int, chooser: _Chooser) -> Iterator[int]:
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
