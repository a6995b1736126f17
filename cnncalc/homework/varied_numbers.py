"""New filters, features and kernels for the lines of a spec, from those of usual networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

from cnncalc.language.model import Block, Line, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.network.vocabulary import kind_of, kind_words

T = TypeVar("T")

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
"""Groups of kernels that can replace one another."""

LEAST_CHANNELS = 16
"""The smallest argument of a block that is a number of channels; strides and kernels are smaller."""

FILTER_KINDS = ("conv", "deconv")
KERNEL_KINDS = ("conv", "depthwise", "maxpool", "avgpool")


class Chooser:
    """Random choices that depend on the seed only, in every version of Python."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0, below the limit."""
        return int(self._random.random() * limit)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]


def with_numbers(spec: Spec, chooser: Chooser, ambition: int) -> Spec:
    """The spec with other filters, features and kernels, and without its claims.

    Args:
        spec: the spec.
        chooser: makes the choices.
        ambition: 3 for all of that, 2 for filters and features, 1 for features only.
    """
    numbers = _Numbers(spec, chooser, ambition)
    layers = tuple(numbers.line(line) for line in spec.layers)
    blocks = {
        name: Block(block.name, block.at, block.parameters, tuple(numbers.line(line) for line in block.body))
        for name, block in spec.blocks.items()
    }
    return spec._replace(layers=layers, blocks=blocks, claims=())


class _Numbers:
    """New numbers for the lines of one spec. Equal filters become equal filters."""

    def __init__(self, spec: Spec, chooser: Chooser, ambition: int) -> None:
        self._spec = spec
        self._chooser = chooser
        self._ambition = ambition
        self._filters: dict[int, int] = {}
        self._features: dict[int, int] = {}
        lines = [*spec.layers, *(line for block in spec.blocks.values() for line in block.body)]
        self._last = next((line for line in reversed(spec.layers) if _kind(line) == "fc"), None)
        # A deconvolution undoes the stride of a pool: the two kernels belong together.
        self._paired = any(_kind(line) == "deconv" for line in lines)
        # A table of connections names its maps: their number must stay.
        self._fixed = any("connections" in line.settings for line in lines)

    def line(self, line: Line) -> Line:
        """The line with other numbers, and without its claims."""
        kind, changes = _kind(line), dict[str, int]()
        key = next(iter(kind_words(line.settings)), "")
        if not kind and not self._fixed and self._ambition > 1:
            return line.with_settings({word: self._argument(node) for word, node in line.settings.items()})
        if kind in FILTER_KINDS and not self._fixed and self._ambition > 1:
            changes |= self._filter_count(line, key)
        if kind == "fc":
            changes |= self._feature_count(line, key)
        if kind in KERNEL_KINDS and self._ambition > 2:
            changes |= self._kernel(line, kind, key)
        return _changed(line, changes)

    def _filter_count(self, line: Line, key: str) -> dict[str, int]:
        count = _literal(line.settings[key])
        return {} if count is None or count < LADDER[0] else {key: self._other_filters(count)}

    def _other_filters(self, count: int) -> int:
        near = [n for n in LADDER if count / 2 <= n <= count * 1.5] or [count]
        return self._filters.setdefault(count, self._chooser.one_of(near))

    def _argument(self, node: Node | None) -> Node | None:
        """A new argument of a block, if it is large enough for a number of filters."""
        if isinstance(node, ListNode):
            items = ListNode(node.line, node.column)
            items.items = [self._argument(item) or item for item in node.items]
            return items
        count = _literal(node)
        if not isinstance(node, ScalarNode) or count is None or count < LEAST_CHANNELS:
            return node
        return ScalarNode(str(self._other_filters(count)), node.line, node.column)

    def _feature_count(self, line: Line, key: str) -> dict[str, int]:
        count = _literal(line.settings[key])
        if count is None:
            return {}
        if line is self._last:
            return {key: self._chooser.one_of(CLASSES)}
        near = [n for n in FEATURES if count / 2 <= n <= count * 2] or [count]
        return {key: self._features.setdefault(count, self._chooser.one_of(near))}

    def _kernel(self, line: Line, kind: str, key: str) -> dict[str, int]:
        """Another kernel; a padding of half the kernel stays half."""
        word = "kernel" if kind == "conv" else key
        kernel = _literal(line.settings.get(word))
        if self._paired or kernel not in KERNELS or "kernel" in self._defaults(kind):
            return {}
        padding, given = _literal(line.settings.get("padding")), "padding" in line.settings
        if not given and _literal(self._defaults(kind).get("padding")) is not None:
            return {}
        new = self._chooser.one_of(KERNELS[kernel])
        return {word: new, **({"padding": new // 2} if padding == kernel // 2 and padding else {})}

    def _defaults(self, kind: str) -> Mapping[str, Node]:
        _, given = self._spec.defaults.get(kind, (None, None))
        return given.values if isinstance(given, MapNode) else {}


def _kind(line: Line) -> str:
    """The kind of a line; empty for a block."""
    return next((kind_of(word).word for word in kind_words(line.settings)), "")


def _literal(node: Node | None) -> int | None:
    """The whole number of a node, if it is written as one."""
    if isinstance(node, ScalarNode) and node.text.isascii() and node.text.isdigit() and len(node.text) < 10:
        return int(node.text)
    return None


def _changed(line: Line, changes: Mapping[str, int]) -> Line:
    settings = dict(line.settings)
    for word, number in changes.items():
        at = line.settings[word]
        settings[word] = ScalarNode(str(number), at.line, at.column) if at is not None else None
    return line.with_settings(settings)
