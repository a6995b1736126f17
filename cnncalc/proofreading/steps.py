"""The steps of a write-up: the statements about one layer after another, and whether they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.proofreading.equations import Term, WindowNumbers
from cnncalc.proofreading.facts import Fact

HEADING = re.compile(r"^\W*(?:#+\s*)?(?:layer|conv(?:olution)?|pool(?:ing)?|step)\s*[\dA-Z]*\b.{0,12}$", re.IGNORECASE)

_LABEL = re.compile(
    r"^[\s\-*•>]*(?:\d{1,2}[.)]\s+)?(?:the )?[`(]?(?:conv|(?:max|avg|average)? ?-?pool|subsampl|[CS]\d\b|层)"
    r"\w*(?:[ -]\d+)?(?:[- ](?:layer|pool\w*|conv\w*)){0,2}(?:\([^()]*\))?[`)]?\s?[:：]",
    re.IGNORECASE,
)
"""A line that begins with the name of a layer is about that layer alone."""

_NEXT = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|next|another|last|final|then|after"
    r"|\w*(?:conv|pool|layer)\w*[ -]?\d)\b|再|然后|接着|第[一二三四五六七八九十\d]",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"transpos|deconv|upsampl|unpool|dilat|atrous|depth-?wise|separable|group|concat|inception|branch|residual|bottleneck|skip"
    r"|recurrent|lstm|1d|3d|u-?net|反卷积|转置|空洞|分组|可分离|拼接|残差"
)
"""Words of layers whose figures follow from more than their kernel and their filters."""

MAX_ABOUT = 15
"""How many sentences after such a word may still be about these layers."""

_BEGINNING = {"kernel", "size", "stride", "flat"}
"""The settings that may come first in a description."""

_DENSE = re.compile(r"fully[- ]connected|\bdense\b|\bfc[\d -]|\blinear layer|softmax|全连接", re.IGNORECASE)


def _is_pool(line: str) -> bool:
    """Whether a line is about a pool."""
    return re.search(r"pool|subsampl|池化|下采样", line, re.IGNORECASE) is not None


class Calculation(NamedTuple):
    """A window's calculation in a write-up, with its result and its place."""

    window: WindowNumbers
    result: int
    side: Term
    line: int
    column: int
    length: int


class Description(NamedTuple):
    """The description of one layer.

    Attributes:
        facts: in the order of the text.
        calculations: in the order of the text.
        is_pool: whether it describes a pool.
        words: its text in lower case.
        is_first: whether the layer before it is not known.
        is_dense: whether it describes a dense layer.
    """

    facts: list[Fact]
    calculations: list[Calculation]
    is_pool: bool = False
    words: tuple[str, ...] = ()
    is_first: bool = False
    is_dense: bool = False

    @property
    def is_conv(self) -> bool:
        """Whether it describes a convolution."""
        return any(re.search(r"conv|卷积", words) for words in self.words)

    @property
    def is_same(self) -> bool:
        """Whether the padding is the one that keeps the size."""
        return any(re.search(r"\bsame\b[^.;]{0,20}(?:pad|conv)|pad\w*\W{0,14}same\b", words) for words in self.words)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last line of the description."""
        lines = [*(one.line for one in self.facts), *(one.line for one in self.calculations)]
        return min(lines), max(lines)

    @property
    def output(self) -> Fact | None:
        """The map that leaves; None if it is not said, or in two ways."""
        found = {(fact.value, fact.channels): fact for fact in self.facts if fact.what == "output"}
        whole = [fact for (_, channels), fact in found.items() if channels] or list(found.values())
        return whole[0] if len(whole) == 1 else None

    @property
    def leaving(self) -> Fact | None:
        """The map that the next layer takes: the output, or an input of which only the size is stated."""
        if self.output is not None or self.values("kernel"):
            return self.output
        sizes = {(fact.value, fact.channels): fact for fact in self.facts if fact.what == "size"}
        return next(iter(sizes.values())) if len(sizes) == 1 else None

    def values(self, what: str) -> dict[int, Fact]:
        """Each value that is stated for a setting, with the place where it is stated first."""
        found: dict[int, Fact] = {}
        for fact in self.facts:
            if fact.what == what:
                found.setdefault(fact.value, fact)
        return found


class Descriptions:
    """Collects descriptions line by line; a new layer begins with a heading, or when a setting is stated again.

    Attributes:
        counted: every count of params, of any layer or network.
    """

    def __init__(self) -> None:
        self._steps: list[Description] = []
        self._passages = 0
        self.counted: list[Fact] = []
        self._open = False
        self._is_dense = False
        self._line = ""
        self._is_first = True
        self._other: tuple[int, str] = (0, "")

    def skip(self) -> None:
        """Pass over what may be a layer: the next layer does not follow from the one before it."""
        self._open, self._is_first = False, True

    def add(self, line: str, found: Sequence[Fact], calculations: Sequence[Calculation]) -> None:
        """Add what one line says."""
        self._line = line
        self.counted += [fact for fact in found if fact.what in ("params", "total")]
        if OTHER.search(line.lower()):
            self._other = (self._passages + MAX_ABOUT, line.lower())
        self._passages += 1
        if self._closes(found):
            self._open = False
        if not (found or calculations):
            return
        if self._starts(found):
            self._begin()
        if self._open:
            self._say(found, calculations)
        self._open = self._open and not self._is_dense

    def _closes(self, found: Sequence[Fact]) -> bool:
        """Whether a line ends a description: it is not about a layer yet, names one, or is about a dense one."""
        kinds = {fact.what for fact in found}
        self._is_dense = _DENSE.search(self._line) is not None and not kinds & {"kernel", "stride", "output"}
        return (
            self._is_dense
            or _LABEL.match(self._line) is not None
            or (HEADING.match(self._line) is not None and not found)
        )

    def _begin(self) -> None:
        """Begin with another layer."""
        words = (self._other[1],) if self._passages <= self._other[0] else ()
        self._steps.append(Description([], [], _is_pool(self._line), words, self._is_first, self._is_dense))
        self._open, self._is_first = True, False

    def _say(self, found: Sequence[Fact], calculations: Sequence[Calculation]) -> None:
        """Add to the layer that is being described."""
        step, kinds = self._steps[-1], {fact.what for fact in found}
        is_pool = step.is_pool or (_is_pool(self._line) and not step.calculations)
        self._steps[-1] = step._replace(is_pool=is_pool, words=(*step.words, self._line.lower()))
        if not kinds & {"kernel", "output"} and step.values("output"):
            found = [fact for fact in found if fact.what != "filters"]  # those of the next layer, or of none
        step.facts.extend(found)
        step.calculations.extend(calculations)

    def _starts(self, found: Sequence[Fact]) -> bool:
        """Whether a line begins with another layer."""
        kinds = {(fact.what, fact.source) for fact in found}
        if not self._open:
            return bool({what for what, _ in kinds} & _BEGINNING) or self._is_dense
        step = self._steps[-1]
        known = {(fact.what, fact.source) for fact in step.facts}
        if self._is_restated(found):
            return False
        if ("size", "sentence") in kinds and {"kernel", "output"} <= {what for what, _ in known}:
            return True
        said = {what for what, _ in kinds}
        if "kernel" in said and len(said) > 2 and {"kernel", "output"} & {what for what, _ in known}:
            return True
        described = ("kernel", "sentence") in kinds and (
            ("kernel", "sentence") in known or bool(step.calculations) or any(source == "result" for _, source in known)
        )
        return described or (("size", "list") in kinds and bool(step.calculations or ("size", "list") in known))

    def _is_restated(self, found: Sequence[Fact]) -> bool:
        """Whether a sentence states the kernel of its line again, and is about no other layer."""
        lines = {fact.line for fact in self._steps[-1].facts if fact.what == "kernel" and fact.source == "sentence"}
        return bool(lines & {fact.line for fact in found if fact.what == "kernel"}) and not _NEXT.search(self._line)

    def __iter__(self) -> Iterator[Description]:
        return iter(self._steps)
