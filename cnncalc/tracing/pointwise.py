"""Activations: functions of one value, or of a value among those of its position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erf, exp, fsum, log, sqrt
from math import tanh as tangent

from cnncalc.tracing.trace import OneValue, Trace, formula, inner, number, power, sum_of

STAYS = ("rule", "above 0, so that it stays")

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def logistic(x: float) -> float:
    """The sigmoid of a number."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + log(1 + exp(-abs(x)))


def _clipped(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def _curve(text: str, function: Callable[[float], float]) -> Callable[[OneValue], Trace]:
    """The trace of a function of one value, in the text `{n}`, or `{x}` with a negative one in parentheses."""

    def traced(subject: OneValue) -> Trace:
        x = subject.read(subject.place)
        return formula(text.format(x=inner(x), n=number(x)), function(x), abs(x) + abs(function(x)))

    return traced


relu = _curve("max(0, {n})", lambda x: max(0.0, x))
relu6 = _curve("min(max(0, {n}), 6)", lambda x: _clipped(x, 0, 6))
gelu = _curve("{x}·(1 + erf({x}/√2))/2", lambda x: x * (1 + erf(x / sqrt(2))) / 2)
silu = _curve("{x}/(1 + e^(−{x}))", lambda x: x * logistic(x))
hardswish = _curve("{x}·min(max(0, {n} + 3), 6)/6", lambda x: x * _clipped(x + 3, 0, 6) / 6)
hardsigmoid = _curve("min(max(0, {n} + 3), 6)/6", lambda x: _clipped(x + 3, 0, 6) / 6)
sigmoid = _curve("1/(1 + e^(−{x}))", logistic)
tanh = _curve("tanh({n})", tangent)
mish = _curve("{x}·tanh(ln(1 + e^{x}))", lambda x: x * tangent(_softplus(x)))
softplus = _curve("ln(1 + e^{x})", _softplus)
softsign = _curve("{x}/(1 + |{n}|)", lambda x: x / (1 + abs(x)))
logsigmoid = _curve("−ln(1 + e^(−{x}))", lambda x: -_softplus(-x))
tanhshrink = _curve("{n} − tanh({n})", lambda x: x - tangent(x))
exponential = _curve("e^{x}", exp)
log_ = _curve("ln {x}", log)
abs_ = _curve("|{n}|", abs)
sparse_sigmoid = _curve("min(max(0, ({n} + 1)/2), 1)", lambda x: _clipped((x + 1) / 2, 0, 1))
sparse_plus = _curve(
    "min(max(0, ({n} + 1)/2), 1)² + max(0, {n} − 1)", lambda x: _clipped((x + 1) / 2, 0, 1) ** 2 + max(0.0, x - 1)
)


def selu(subject: OneValue) -> Trace:
    """1.0507 times a value above 0, or 1.0507·1.67326·(e^x − 1)."""
    x = subject.read(subject.place)
    if x > 0:
        return formula(f"{number(SELU_SCALE)}·{number(x)}", SELU_SCALE * x)
    text = f"{number(SELU_SCALE)}·{number(SELU_ALPHA)}·(e^{inner(x)} − 1)"
    return formula(text, SELU_SCALE * SELU_ALPHA * (exp(x) - 1), SELU_SCALE * SELU_ALPHA)


def leaky_relu(subject: OneValue) -> Trace:
    """A value above 0 stays, another is multiplied by the slope."""
    return _sloped(subject, subject.layer.slope)


def prelu(subject: OneValue) -> Trace:
    """The same with a learned slope."""
    slopes, place = subject.tensors["weight"], subject.place
    if len(slopes.shape) == 1:
        return _sloped(subject, float(slopes[place[0] if slopes.shape[0] > 1 else 0]))
    return _sloped(subject, float(slopes[place]))


def _sloped(subject: OneValue, slope: float) -> Trace:
    x = subject.read(subject.place)
    return formula(number(x), x, about=[STAYS]) if x > 0 else formula(f"{inner(slope)}·{inner(x)}", slope * x)


def elu(subject: OneValue) -> Trace:
    """A value above 0 stays, another is alpha·(e^x − 1)."""
    return _exponential_below(subject, subject.layer.alpha, 1)


def celu(subject: OneValue) -> Trace:
    """A value above 0 stays, another is alpha·(e^(x/alpha) − 1)."""
    return _exponential_below(subject, subject.layer.alpha, subject.layer.alpha)


def _exponential_below(subject: OneValue, alpha: float, divisor: float) -> Trace:
    x = subject.read(subject.place)
    if x > 0:
        return formula(number(x), x, about=[STAYS])
    power = inner(x) if divisor == 1 else f"({number(x)}/{number(divisor)})"
    return formula(f"{number(alpha)}·(e^{power} − 1)", alpha * (exp(x / divisor) - 1), alpha)


def squareplus(subject: OneValue) -> Trace:
    """(x + √(x² + curvature))/2."""
    x, curvature = subject.read(subject.place), subject.layer.curvature
    text = f"({number(x)} + √({inner(x)}² + {number(curvature)}))/2"
    return formula(text, (x + sqrt(x * x + curvature)) / 2, abs(x) + curvature)


def hardtanh(subject: OneValue) -> Trace:
    """The value, not below low and not above high."""
    x, low, high = subject.read(subject.place), subject.layer.low, subject.layer.high
    return formula(f"min(max({number(x)}, {number(low)}), {number(high)})", _clipped(x, low, high))


def hardshrink(subject: OneValue) -> Trace:
    """The value, or 0 near 0."""
    x, limit = subject.read(subject.place), subject.layer.lambd
    return _chosen(x, abs(x) > limit, f"|{number(x)}| > {number(limit)}", 0.0)


def threshold(subject: OneValue) -> Trace:
    """The value if it is above the limit, else another."""
    x, limit = subject.read(subject.place), subject.layer.limit
    return _chosen(x, x > limit, f"{number(x)} > {number(limit)}", subject.layer.value)


def _chosen(x: float, stays: bool, rule: str, other: float) -> Trace:
    about = [("rule", f"{rule} is {'true' if stays else 'not true'}")]
    return formula(number(x if stays else other), x if stays else other, about=about)


def softshrink(subject: OneValue) -> Trace:
    """The value, moved by lambd towards 0."""
    x, limit = subject.read(subject.place), subject.layer.lambd
    text = f"{number(x)} − min(max({number(x)}, {number(-limit)}), {number(limit)})"
    return formula(text, x - _clipped(x, -limit, limit), abs(x))


def glu(subject: OneValue) -> Trace:
    """A value of the first half of the channels times the sigmoid of the second."""
    channel, *place = subject.place
    a = subject.read(subject.place)
    b = subject.read((channel + subject.input_shape.channels // 2, *place))
    return formula(f"{inner(a)}/(1 + e^(−{inner(b)}))", a * logistic(b), abs(a))


def softmax(subject: OneValue) -> Trace:
    """e to the value over the sum of such powers."""
    x, related = subject.read(subject.place), _related(subject)
    text = f"{power(x)}/({sum_of(related, power)})"
    return formula(text, shares([x], related)[0])


def shares(values: Sequence[float], of: Sequence[float] | None = None) -> list[float]:
    """e to each value over the sum of such powers, of the same values or others."""
    top = max(related := values if of is None else of)
    total = fsum(exp(one - top) for one in related)
    return [exp(one - top) / total for one in values]


def log_softmax(subject: OneValue) -> Trace:
    """The logarithm of that."""
    x, related = subject.read(subject.place), _related(subject)
    top = max(related)
    total = fsum(exp(one - top) for one in related)
    text = f"{number(x)} − ln({sum_of(related, power)})"
    return formula(text, x - top - log(total), abs(x) + abs(top))


def _related(subject: OneValue) -> list[float]:
    """The values whose shares add up to 1: the channels, or one channel of each branch."""
    channel, *place = subject.place
    channels = subject.input_shape.channels
    apart = channels // (subject.layer.parts or channels)
    return [subject.read((one, *place)) for one in range(channel % apart, channels, apart)]


def zeros(subject: OneValue) -> Trace:
    """0."""
    return formula("0", 0.0)


def power_(subject: OneValue) -> Trace:
    """A value to the power of the exponent."""
    x, exponent = subject.read(subject.place), subject.layer.exponent
    return formula(f"{inner(x)}^{inner(exponent)}", x**exponent)


def noise(subject: OneValue) -> Trace:
    """The value that the executor has drawn: there is no arithmetic."""
    value = subject.drawn()
    return Trace(
        value, (("rule", f"drawn at random, {subject.layer.distribution}"), ("value", number(value))), abs(value)
    )
