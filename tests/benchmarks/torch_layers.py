"""Single layers with random settings against PyTorch: output shape, params, buffers, and what is refused.

    python tests/benchmarks/torch_layers.py [COUNT] [SEED]

Each layer is written as a spec, so that the language is compared, too. PyTorch computes shapes on its meta device, and
if the sides differ, on the CPU, which checks more. Target: none differs but what is meant to. Not drawn are fc on
images, broadcasts of add, and padding same with a stride, as these differ on purpose. An output of size 0, which
PyTorch allows, counts as refused. num_batches_tracked is not a buffer here. torch is in no extra.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cnncalc
from cnncalc.errors import CnnCalcError

Sizes = tuple[int, ...]
Outcome = tuple[Sizes, int, int] | str  # shape, params and buffers; or why the layer is refused

LETTERS = ("C", "CL", "CHW", "CDHW")
SPELLINGS = {
    "fc": ("fc", "linear", "dense"), "kernel": ("kernel", "kernel_size"), "stride": ("stride", "strides"),
    "layers": ("layers", "num_layers"), "slopes": ("slopes", "num_parameters"),
}  # fmt: skip
"""Words that mean the same; one is drawn each time."""

CURVES = (
    "ReLU", "ReLU6", "LeakyReLU", "ELU", "GELU", "SiLU", "Hardswish", "Hardsigmoid", "Sigmoid", "Tanh", "SELU", "CELU",
    "Mish", "Softplus", "Softsign", "LogSigmoid", "Tanhshrink", "Hardtanh", "Hardshrink", "Softshrink", "Identity",
    "Dropout", "Softmax", "LogSoftmax", "GLU",
)  # fmt: skip

MEANT = {
    "Expected more than 1": "meant: PyTorch's norms refuse a group of one value, whose result is the offset",
    "smaller than kernel size": "meant: AvgPool3d alone refuses a window larger than the map without its padding",
}
"""By a part of PyTorch's message, why it alone refuses."""


class Trial(NamedTuple):
    """One layer as a spec has it, and what makes and calls PyTorch's."""

    kind: str
    line: str
    inputs: Sequence[Sizes]
    module: Callable[[], Any]
    call: Callable[..., Any]


class Draw(random.Random):
    """What is drawn at random, and how it is written."""

    def likely(self, percent: float) -> bool:
        """True in so many of a hundred cases."""
        return self.random() * 100 < percent

    def map(self, rank: int, parts: int = 1) -> Sizes:
        """The sizes of a map, mostly with channels that so many parts divide."""
        channels = parts * self.randint(1, 6) if self.likely(85) else self.randint(1, 12)
        return (channels, *(self.randint(1, 24) for _ in range(rank)))

    def each(self, rank: int, *values: int) -> Sizes:
        """One of the values for each axis, mostly the same; 0 by mistake in one of 200 cases."""
        drawn = tuple(self.choice(values) for _ in range(rank))
        return (0,) * rank if self.likely(0.5) else drawn[:1] * rank if self.likely(67) else drawn

    def trial(
        self, kind: str, inputs: Sequence[Sizes], module: Callable[[], Any],
        call: Callable[..., Any] = lambda module, *x: module(*x), **settings: Any,
    ) -> Trial:  # fmt: skip
        """A layer with these settings, of which `value` comes after the kind."""
        value = settings.pop("value", None)
        pairs = [f"{self.choice(SPELLINGS.get(key, (key,)))}: {self.written(given)}" for key, given in settings.items()]
        self.shuffle(pairs)
        word = self.choice(SPELLINGS.get(kind, (kind,)))
        line = ", ".join([word if value is None else f"{word}: {self.written(value)}", *pairs])
        return Trial(kind.lower(), line if line == word else f"{{{line}}}", inputs, module, call)

    def written(self, value: Any) -> str:
        """A value in one of the ways in which it may be written."""
        if not isinstance(value, tuple):
            return str(value).lower() if isinstance(value, bool) else str(value)
        if all(isinstance(part, int) for part in value):
            if len(set(value)) == 1 and self.likely(75):
                return str(value[0])
            if min(value) >= 0 and self.likely(50):
                return "x".join(map(str, value))
        return str(value).translate({ord("("): "[", ord(")"): "]", ord("'"): None}).replace(",]", "]")


def window(r: Draw, rank: int) -> dict[str, Any]:
    """Kernel, stride, padding and dilation, under PyTorch's names."""
    values = {"kernel_size": (1, 2, 2, 3, 3, 4, 5), "stride": (1, 1, 2, 3), "padding": (0, 0, 1, 1, 2)}
    return {key: r.each(rank, *drawn) for key, drawn in (values | {"dilation": (1, 1, 1, 2, 3)}).items()}


def convolution(r: Draw, t: Any) -> Trial:
    kind, rank, groups = r.choice(("conv", "depthwise", "deconv")), r.randint(1, 3), r.choice((1, 1, 1, 2, 3, 4))
    x, filters = r.map(rank, groups), groups * r.randint(1, 6) if r.likely(90) else r.randint(1, 12)
    given, layer = window(r, rank) | {"bias": r.likely(60)}, getattr(t.nn, f"Conv{rank}d")
    if kind == "conv" and r.likely(15):
        given |= {"padding": "same", "stride": (1,) * rank}
    if kind != "deconv" and r.likely(15):
        given["padding_mode"] = r.choice(("zeros", "reflect", "replicate", "circular"))
    if kind == "depthwise":
        more, settings = r.randint(1, 3), dict(given)
        value = settings.pop("kernel_size")
        module = lambda: layer(x[0], more * x[0], groups=x[0], **given)  # noqa: E731
        return r.trial(kind, [x], module, value=value, multiplier=more, **settings)
    given["groups"] = groups
    if kind == "deconv":
        layer = getattr(t.nn, f"ConvTranspose{rank}d")
        given |= {"output_padding": r.each(rank, 0, 0, 1, 2)} if r.likely(60) else {}
    return r.trial(kind, [x], lambda: layer(x[0], filters, **given), value=filters, **given)


def pooling(r: Draw, t: Any) -> Trial:
    kind, rank, what = r.choice(("max", "avg")), r.randint(1, 3), r.randrange(5)
    x, given, size = r.map(rank), window(r, rank), r.each(rank, 1, 2, 3, 7)
    whole, layer = (getattr(t.nn, f"{word}{kind.title()}Pool{rank}d") for word in ("Adaptive", ""))
    if what == 0:
        return r.trial(f"global_{kind}pool", [x], lambda: whole(1))
    if what == 1:
        return r.trial(f"adaptive_{kind}pool", [x], lambda: whole(size), value=size)
    given = {key: value for key, value in given.items() if key != "dilation" and (key != "stride" or r.likely(70))}
    rounding = {} if r.likely(40) else r.choice(({"ceil_mode": True}, {"rounding": "ceil"}, {"ceil_mode": False}))
    settings = {key: value for key, value in given.items() if key != "kernel_size"} | rounding
    module = lambda: layer(**given, ceil_mode=bool(rounding.get("ceil_mode", rounding)))  # noqa: E731
    return r.trial(f"{kind}pool", [x], module, value=given["kernel_size"], **settings)


def norm(r: Draw, t: Any) -> Trial:
    kind, affine = r.choice(("bn", "groupnorm", "instancenorm", "layernorm", "rmsnorm")), r.likely(50)
    rank, groups = r.randint(kind == "instancenorm", 3), r.randint(1, 4)
    x = r.map(rank, groups)
    if kind == "groupnorm":
        return r.trial(kind, [x], lambda: t.nn.GroupNorm(groups, x[0], affine=affine), value=groups, affine=affine)
    if kind in ("bn", "instancenorm"):
        layer = getattr(t.nn, f"{'BatchNorm' if kind == 'bn' else 'InstanceNorm'}{rank or 1}d")
        return r.trial(kind, [x], lambda: layer(x[0], affine=affine), affine=affine)
    layer, whole = t.nn.LayerNorm if kind == "layernorm" else t.nn.RMSNorm, r.likely(50)
    settings: dict[str, Any] = {"over": "x".join(map(str, x))} if whole else {}
    words = {"bias": False} if kind == "layernorm" and r.likely(30) else {}
    settings |= {"center": False} if words else {}
    module = lambda: layer(x if whole else x[0], elementwise_affine=affine, **words)  # noqa: E731
    axis = -1 if whole else 1  # that of the channels goes last
    return r.trial(kind, [x], module, lambda m, a: m(a.movedim(axis, -1)).movedim(-1, axis), affine=affine, **settings)


def curve(r: Draw, t: Any) -> Trial:
    x, name = r.map(r.randint(0, 3)), r.choice((*CURVES, "prelu", "prelu"))
    if name == "prelu":
        word, slopes = r.choice((("one", 1), ("channel", x[0]), (1, 1), (x[0], x[0]), (x[0] + 2, x[0] + 2)))
        return r.trial(name, [x], lambda: t.nn.PReLU(slopes), slopes=word)
    return r.trial(name, [x], lambda: getattr(t.nn, name)(**({"dim": 1} if name in CURVES[-3:] else {})))


def upsample(r: Draw, t: Any) -> Trial:
    rank = r.randint(1, 3)
    x, mode = r.map(rank), r.choice(("nearest", ("linear", "bilinear", "trilinear")[rank - 1], "bicubic"))
    given: dict[str, Any] = {"mode": mode} | ({"align_corners": r.likely(50)} if mode != "nearest" else {})
    factors = tuple(r.choice((2, 3, 0.5, 1.5, 0.29, 1.1, 1.8, r.randint(3, 400) / 100)) for _ in range(rank))
    if r.likely(50):
        given["size"] = r.each(rank, 1, 2, 3, 9, 30)
    else:
        given["scale_factor"] = r.choice((factors, factors[0]))
    settings = {"factor" if key == "scale_factor" and r.likely(50) else key: value for key, value in given.items()}
    return r.trial("upsample", [x], lambda: t.nn.Upsample(**given), **settings)


def zeropad(r: Draw, t: Any) -> Trial:
    x, mode = r.map(r.randint(1, 3)), r.choice(("zeros", "reflect", "replicate", "circular"))
    sides = tuple((r.randint(-2, 4), r.randint(-2, 4)) for _ in x[1:])

    def call(_: Any, a: Any) -> Any:
        kept = [n + sum(min(side, 0) for side in pair) for n, pair in zip(x[1:], sides, strict=True)]
        most = {"reflect": [n - 1 for n in kept], "circular": kept}.get(mode, [4, 4, 4])
        if min(kept) < 1 or any(max(pair) > n for n, pair in zip(most, sides, strict=False)):
            raise ValueError("PyTorch would repeat values that are cut, or none of the map is left")
        flat = [side for pair in reversed(sides) for side in pair]
        return t.nn.functional.pad(a, flat, "constant" if mode == "zeros" else mode)

    return r.trial("zeropad", [x], t.nn.Identity, call, value=sides, mode=mode)


def rearrangement(r: Draw, t: Any) -> Trial:
    kind, block = r.choice(("flatten", "spatial", "permute", "pixel_shuffle", "pixel_unshuffle")), r.randint(1, 3)
    if kind.startswith("pixel"):
        layer = t.nn.PixelShuffle if kind == "pixel_shuffle" else t.nn.PixelUnshuffle
        return r.trial(kind, [r.map(2, block * block)], lambda: layer(block), value=block)
    x = r.map(r.randint(0, 3))
    if kind != "permute":
        value, start = ("all", 1) if kind == "flatten" else ("spatial", 2)
        return r.trial("flatten", [x], lambda: t.nn.Flatten(start), value=value)
    order = r.sample(LETTERS[len(x) - 1], len(x))
    order[0] = r.choice((*[order[0]] * 9, order[-1]))
    axes = [0, *(LETTERS[len(x) - 1].index(letter) + 1 for letter in order)]
    return r.trial(kind, [x], t.nn.Identity, lambda _, a: a.permute(axes), value=tuple(order))


def table(r: Draw, t: Any) -> Trial:
    x, size, count, bias = r.map(r.randint(0, 1)), r.randint(1, 30), r.randint(1, 30), r.likely(50)
    if r.likely(60):
        module, call = lambda: t.nn.Linear(x[0], size, bias), lambda m, a: m(a.movedim(1, -1)).movedim(-1, 1)
        return r.trial("fc", [x], module, call, value=size, bias=bias)
    module, call = lambda: t.nn.Embedding(count, size), lambda m, a: m(a.long()).transpose(1, 2)
    return r.trial("embedding", [x[:1]], module, call, value=count, size=size)


def recurrent(r: Draw, t: Any) -> Trial:
    kind, x, units = r.choice(("rnn", "lstm", "gru")), r.map(1), r.randint(1, 9)
    every, biases = r.likely(50), r.likely(50)
    given: dict[str, Any] = {"num_layers": r.randint(1, 3), "bidirectional": r.likely(50)}
    given |= {"nonlinearity": r.choice(("relu", "tanh"))} if kind == "rnn" else {}
    module = lambda: getattr(t.nn, kind.upper())(x[0], units, bias=biases, batch_first=True, **given)  # noqa: E731

    def call(layer: Any, a: Any) -> Any:
        steps = layer(a.transpose(1, 2))[0]
        return steps.transpose(1, 2) if every else steps[:, -1]

    settings = given | {"steps": "all" if every else "last", "biases": 2 if biases else 0}
    return r.trial(kind, [x], module, call, value=units, **settings)


def attention(r: Draw, t: Any) -> Trial:
    heads, bias, own, memory = r.randint(1, 4), r.likely(50), r.likely(50), r.map(1)
    x = r.map(r.randint(1, 2), heads)
    width = {} if own else {"kdim": memory[0], "vdim": memory[0]}
    module = lambda: t.nn.MultiheadAttention(x[0], heads, bias=bias, batch_first=True, **width)  # noqa: E731

    def call(layer: Any, a: Any, b: Any = None) -> Any:
        queries, keys = a.flatten(2).transpose(1, 2), (a if b is None else b).flatten(2).transpose(1, 2)
        return layer(queries, keys, keys)[0].transpose(1, 2).unflatten(2, a.shape[2:])

    settings: dict[str, Any] = {} if own else {"memory": "b", "from": "a"}
    return r.trial("attention", [x] if own else [x, memory], module, call, value=heads, bias=bias, **settings)


def merge(r: Draw, t: Any) -> Trial:
    kind, drawn = r.choice(("add", "mul", "concat", "subtract")), r.map(r.randint(0, 3))
    x, place = tuple(n + (kind == "add") for n in drawn), r.randrange(len(drawn))  # torch.add repeats a size of 1
    odd = (*x[:place], r.choice((x[place], 30, 30 if kind == "add" else 1)), *x[place + 1 :])
    functions = {"concat": lambda *a: t.cat(a, 1), "add": t.add, "mul": t.mul, "subtract": t.sub}
    return r.trial(kind, r.sample([x, odd], 2), t.nn.Identity, lambda _, *a: functions[kind](*a), value=("a", "b"))


DRAWN = (  # convolutions twice, as they have the most settings
    convolution, pooling, norm, convolution, curve, upsample, zeropad, rearrangement, table, recurrent, attention, merge
)  # fmt: skip


def spec_of(trial: Trial) -> str:
    """The layer as a spec."""
    sizes = [", ".join(map("{}: {}".format, LETTERS[len(x) - 1], x)) for x in trial.inputs]
    named = ", ".join(f"{name}: {{{given}}}" for name, given in zip("ab", sizes, strict=False))
    return f"{f'inputs: {{{named}}}' if sizes[1:] else f'input: {{{sizes[0]}}}'}\nlayers:\n- {trial.line}\n"


def ours(trial: Trial) -> Outcome:
    """What cnncalc says."""
    try:
        report = cnncalc.analyze(text=spec_of(trial))
    except CnnCalcError as error:
        return str(error).splitlines()[0]
    return report.layers[-1].output.sizes(), report.totals.params, report.totals.buffers


def theirs(trial: Trial, torch: Any, device: str) -> Outcome:
    """What PyTorch says on a device."""
    try:
        with torch.device(device):
            module = trial.module().eval()
            shape = tuple(trial.call(module, *(torch.zeros(1, *x) for x in trial.inputs)).shape)[1:]
    except (RuntimeError, ValueError, AssertionError, IndexError, TypeError, ZeroDivisionError) as error:
        return str(error).splitlines()[0]
    buffers = sum(values.numel() for name, values in module.named_buffers() if "num_batches" not in name)
    params = sum(values.numel() for values in module.parameters())
    return f"nothing is left: {shape}" if 0 in shape else (shape, params, buffers)


def difference(mine: Outcome, other: Outcome) -> str:
    """What differs, if anything does."""
    if isinstance(mine, str) or isinstance(other, str):
        meant = [why for part, why in MEANT.items() if part in other]
        alone = f"{'cnncalc' if isinstance(mine, str) else 'torch'} alone refuses"
        return "" if type(mine) is type(other) else "".join(meant) or alone
    return ", ".join(name for name, a, b in zip(("shape", "params", "buffers"), mine, other, strict=True) if a != b)


def main(arguments: Sequence[str]) -> None:
    """Print how many layers agree, and each class of difference with an example."""
    try:
        import torch
    except ImportError:
        sys.exit("PyTorch is not installed: pip install torch, and run this again.")
    count, seed = (*map(int, arguments), *(10_000, 0)[len(arguments) :])
    r, agree, refused, corrected = Draw(seed), Counter[str](), Counter[str](), 0
    examples: dict[tuple[str, str], list[str]] = {}
    for i in range(count):
        trial = DRAWN[i % len(DRAWN)](r, torch)
        mine, other = ours(trial), theirs(trial, torch, "meta")
        if difference(mine, other):
            other = theirs(trial, torch, "cpu")
            corrected += not difference(mine, other)
        if what := difference(mine, other):
            example = f"{spec_of(trial)}  cnncalc {mine}\n  torch   {other}"
            examples.setdefault((trial.kind, what), []).append(example)
        else:
            (refused if isinstance(mine, str) else agree)[trial.kind] += 1
    for kind in sorted(agree | refused):
        print(f"{kind:<18}{agree[kind]:>8,} agree{refused[kind]:>8,} refused by both")
    differ = count - agree.total() - refused.total()
    meant = sum(len(those) for (_, what), those in examples.items() if what.startswith("meant"))
    print(f"{count:,} layers of {len(agree)} kinds: {agree.total():,} agree, {refused.total():,} refused by both")
    print(f"{differ:,} differ, {meant:,} of them meant; in {corrected:,} the CPU corrected the meta device")
    for (kind, what), those in examples.items():
        print(f"\n{kind}: {what}: {len(those):,} times, as\n{those[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
