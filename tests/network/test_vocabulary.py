"""The words of the language: kinds, parameters and the closed list of their aliases."""

import pytest
from networks import problems_of

import cnncalc
from cnncalc.layers.parameters import Type
from cnncalc.network.vocabulary import ALIASES, WORDS, all_parameter_words, kind_of

# Other spellings of kinds, each with the rank that it asserts.
KIND_ALIASES = {
    "reflection_pad": ("zeropad", None),
    "replication_pad": ("zeropad", None),
    "circular_pad": ("zeropad", None),
    "pixel_shuffle": ("depth_to_space", None),
    "pixel_unshuffle": ("space_to_depth", None),
    "conv1d": ("conv", 1),
    "conv2d": ("conv", 2),
    "conv3d": ("conv", 3),
    "locally_connected": ("local", None),
    "dense": ("fc", None),
    "linear": ("fc", None),
    "max_pool": ("maxpool", None),
    "maxpool2d": ("maxpool", 2),
    "maxpooling2d": ("maxpool", 2),
    "avg_pool": ("avgpool", None),
    "avgpool2d": ("avgpool", 2),
    "averagepooling2d": ("avgpool", 2),
    "batchnorm": ("bn", None),
    "batch_norm": ("bn", None),
    "conv_transpose": ("deconv", None),
    "convtranspose2d": ("deconv", 2),
    "gap": ("global_avgpool", None),
    "simple_rnn": ("rnn", None),
}

# Other spellings of parameters.
PARAMETER_ALIASES = {
    "out_channels", "kernel_size", "pool_size", "strides", "dilation_rate", "group", "use_bias", "units",
    "out_features", "ceil_mode", "num_groups", "normalized_shape", "num_parameters",
    "affine", "elementwise_affine", "scale", "scale_factor", "size_of", "interpolation", "min_val", "max_val",
}  # fmt: skip

# Each kind with its parameters in order, `!` where one must be given.
KINDS = {
    "conv": "filters! kernel! stride padding dilation groups bias connections padding_mode norm activation",
    "deconv": "filters! kernel! stride padding dilation groups bias output_padding output_size norm activation",
    "depthwise": "kernel! multiplier stride padding dilation bias padding_mode norm activation",
    "maxpool": "kernel! stride padding dilation rounding",
    "avgpool": "kernel! stride padding rounding count_padding",
    "global_avgpool": "",
    "global_maxpool": "",
    "unpool": "pool!",
    "flatten": "axes",
    "adaptive_avgpool": "size!",
    "adaptive_maxpool": "size!",
    "fc": "features! bias norm activation",
    "bn": "affine scale center eps",
    "lrn": "size alpha beta k",
    "layernorm": "over affine scale center eps",
    "groupnorm": "groups! affine scale center eps",
    "instancenorm": "affine scale center eps",
    "rmsnorm": "over scale eps",
    "l2norm": "eps",
    "rescale": "factor! offset",
    "scale": "bias",
    "dropout": "rate",
    "relu": "",
    "relu6": "",
    "leaky_relu": "slope",
    "prelu": "slopes",
    "elu": "alpha",
    "gelu": "",
    "silu": "",
    "hardswish": "",
    "hardsigmoid": "",
    "sigmoid": "",
    "tanh": "",
    "softmax": "parts",
    "log_softmax": "parts",
    "selu": "",
    "celu": "alpha",
    "mish": "",
    "softplus": "",
    "squareplus": "curvature",
    "softsign": "",
    "logsigmoid": "",
    "tanhshrink": "",
    "exponential": "",
    "log": "",
    "power": "exponent",
    "abs": "",
    "hardtanh": "low high",
    "hardshrink": "lambd",
    "softshrink": "lambd",
    "threshold": "limit value",
    "sparse_plus": "",
    "sparse_sigmoid": "",
    "identity": "",
    "glu": "",
    "zeros": "stride",
    "noise": "distribution",
    "upsample": "factor size mode align_corners rounding",
    "resize": "size factor mode align_corners rounding",
    "zeropad": "padding! mode",
    "crop": "size!",
    "slice": "channels L D H W",
    "shuffle": "groups!",
    "space_to_depth": "block_size! order",
    "depth_to_space": "block_size! order",
    "pad_channels": "zeros!",
    "reshape": "size!",
    "add": "inputs! align activation",
    "mul": "inputs! align activation",
    "concat": "inputs! align",
    "subtract": "inputs! align activation",
    "divide": "inputs! align activation",
    "maximum": "inputs! align activation",
    "minimum": "inputs! align activation",
    "average": "inputs! align activation",
    "matmul": "inputs!",
    "residual": "body! shortcut merge activation",
    "branches": "paths! merge activation",
    "sequence": "body!",
}

FOLLOWED: dict[str, object] = {"norm": "none", "activation": "none"}
WINDOWED: dict[str, object] = {"stride": 1, "padding": 0, "dilation": 1}
NORMED: dict[str, object] = {"affine": True, "eps": 1e-5}
RECURRENT: dict[str, object] = {"layers": 1, "bidirectional": False, "steps": "last", "biases": 1}
RESIZED: dict[str, object] = {"mode": "nearest", "align_corners": False, "rounding": "floor"}
ALIGNING = ("add", "mul", "subtract", "divide", "maximum", "minimum", "average")
ALIGNED: dict[str, object] = {"align": "none", "activation": "none"}

# Those of PyTorch; biases as Keras has them, lrn's of AlexNet's paper, l2norm's of torch's normalize
DEFAULTS: dict[str, dict[str, object]] = {
    "conv": {**WINDOWED, "groups": 1, "bias": True, "padding_mode": "zeros", **FOLLOWED},
    "deconv": {**WINDOWED, "groups": 1, "bias": True, **FOLLOWED},
    "depthwise": {"multiplier": 1, **WINDOWED, "bias": True, "padding_mode": "zeros", **FOLLOWED},
    "local": {"stride": 1, "padding": 0, "bias": True, **FOLLOWED},
    "maxpool": {"padding": 0, "dilation": 1, "rounding": "floor"},
    "avgpool": {"padding": 0, "rounding": "floor", "count_padding": True},
    "flatten": {"axes": "all"},
    "fc": {"bias": True, **FOLLOWED},
    "rnn": {**RECURRENT, "nonlinearity": "tanh"},
    "lstm": RECURRENT,
    "gru": {**RECURRENT, "reset_after": True, "biases": 2},
    "attention": {
        "head_size": 0, "window": 0, "shift": 0, "grid": False, "relative": "none", "cosine": False, "bias": True,
    },
    "tokens": {"number": 1},
    "bn": NORMED, "layernorm": NORMED, "groupnorm": NORMED, "instancenorm": {"affine": False, "eps": 1e-5},
    "rmsnorm": {"scale": True, "eps": 1e-6}, "l2norm": {"eps": 1e-12},
    "lrn": {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2.0},
    "scale": {"bias": True}, "rescale": {"offset": 0.0}, "dropout": {"rate": 0.5},
    "leaky_relu": {"slope": 0.01}, "prelu": {"slopes": "channel"}, "elu": {"alpha": 1.0}, "celu": {"alpha": 1.0},
    "squareplus": {"curvature": 4.0}, "hardtanh": {"low": -1.0, "high": 1.0},
    "hardshrink": {"lambd": 0.5}, "softshrink": {"lambd": 0.5}, "threshold": {"limit": 0.0, "value": 0.0},
    "zeros": {"stride": 1}, "power": {"exponent": 2.0}, "noise": {"distribution": "normal"},
    "upsample": RESIZED, "resize": RESIZED, "zeropad": {"mode": "zeros"},
    "space_to_depth": {"order": "DCR"}, "depth_to_space": {"order": "DCR"},
    **dict.fromkeys(ALIGNING, ALIGNED), "concat": {"align": "none"},
    "residual": {"shortcut": "identity", "merge": "add", "activation": "none"},
    "branches": {"merge": "concat", "activation": "none"},
}  # fmt: skip
"""Of the parameters that a line may leave out, but for those that are nothing then."""

POOL_ROUNDING, BORDERS = "floor ceil ceil_caffe ceil_full", "zeros reflect replicate circular"
RESIZED_BY, MERGED_BY = (
    "nearest bilinear linear trilinear bicubic",
    "add concat mul subtract divide maximum minimum average",
)

CHOICES: dict[tuple[str, str], str] = {
    ("conv", "padding_mode"): BORDERS, ("depthwise", "padding_mode"): BORDERS, ("zeropad", "mode"): BORDERS,
    ("maxpool", "rounding"): POOL_ROUNDING, ("avgpool", "rounding"): POOL_ROUNDING, ("flatten", "axes"): "all spatial",
    **{(kind, "steps"): "last all" for kind in ("rnn", "lstm", "gru")}, ("rnn", "nonlinearity"): "tanh relu",
    ("attention", "relative"): "none table mlp", ("prelu", "slopes"): "one channel value",
    **{(kind, "mode"): RESIZED_BY for kind in ("upsample", "resize")},
    **{(kind, "rounding"): "floor nearest" for kind in ("upsample", "resize")},
    **{(kind, "order"): "DCR CRD" for kind in ("space_to_depth", "depth_to_space")},
    **{(kind, "align"): "none center" for kind in (*ALIGNING, "concat")},
    ("noise", "distribution"): "normal uniform",
    ("residual", "shortcut"): "identity project pad if_same",
    ("residual", "merge"): MERGED_BY, ("branches", "merge"): MERGED_BY,
}  # fmt: skip
"""The words of each parameter that takes words, but for norm and activation, which are kinds."""

ANY = -(10**18)
LIMITS: dict[tuple[str, str], tuple[int | None, int | None]] = {
    ("deconv", "output_padding"): (0, None), ("zeropad", "padding"): (ANY, None),
    **{(kind, "biases"): (0, None) for kind in ("rnn", "lstm", "gru")},
    **{("attention", name): (0, None) for name in ("head_size", "window", "shift")},
    ("rescale", "factor"): (ANY, None), ("rescale", "offset"): (ANY, None), ("dropout", "rate"): (0, 1),
    ("squareplus", "curvature"): (0, None), ("hardshrink", "lambd"): (0, None), ("softshrink", "lambd"): (0, None),
    ("power", "exponent"): (ANY, None), ("hardtanh", "low"): (ANY, None), ("hardtanh", "high"): (ANY, None),
    ("threshold", "limit"): (ANY, None), ("threshold", "value"): (ANY, None),
}  # fmt: skip
"""The smallest value of a parameter and the one that is too large, if they are not those of its type."""

USUAL_LIMITS = {
    Type.COUNT: 1, Type.SIZE: 1, Type.TARGET: 1, Type.CHOICE: 1, Type.CROP: 1, Type.SHAPE: 1,
    Type.PADDING: 0, Type.PAIR: 0, Type.RANGE: 0, Type.LINKS: 0,
}  # fmt: skip

SPRUNG: dict[tuple[str, str], tuple[str, dict[object, object]]] = {
    ("maxpool", "stride"): ("kernel", {}), ("avgpool", "stride"): ("kernel", {}),
    **{(norm, one): ("affine", {}) for norm in ("bn", "layernorm", "groupnorm", "instancenorm")
       for one in ("scale", "center")},
    ("attention", "qkv_bias"): ("bias", {}),
    ("gru", "biases"): ("reset_after", {False: 1}),  # as in Keras: without reset_after the offsets are one row
}  # fmt: skip
"""The parameter that one has its default from, with the defaults for values that are none themselves."""


def test_the_kinds_of_the_language_page_are_there() -> None:
    assert WORDS.keys() >= {*KINDS, *KIND_ALIASES}


@pytest.mark.parametrize("word", KINDS)
def test_a_kind_has_its_parameters_in_order(word: str) -> None:
    found = [f"{name}{'!' if parameter.required else ''}" for name, parameter in kind_of(word).parameters.items()]
    assert " ".join(found) == KINDS[word]
    assert kind_of(word).first == KINDS[word].split(" ")[0].rstrip("!")


@pytest.mark.parametrize("word", KINDS)
def test_a_parameter_has_its_default(word: str) -> None:
    optional = {name: one.default for name, one in kind_of(word).parameters.items() if not one.required}
    found = {name: (type(value), value) for name, value in optional.items() if value is not None}
    assert found == {name: (type(value), value) for name, value in DEFAULTS.get(word, {}).items()}


@pytest.mark.parametrize("word", KINDS)
def test_a_parameter_has_its_words_its_limits_and_its_source(word: str) -> None:
    for name, one in kind_of(word).parameters.items():
        if name not in ("norm", "activation"):
            assert " ".join(one.words) == CHOICES.get((word, name), ""), name
        assert (one.minimum, one.below) == LIMITS.get((word, name), (USUAL_LIMITS.get(one.type), None)), name
        assert (one.default_from, one.default_for) == SPRUNG.get((word, name), ("", {})), name


def test_the_stride_of_a_pool_is_its_kernel() -> None:
    report = cnncalc.analyze(text="input: 3x12x12\nlayers: [{maxpool: 3}, {avgpool: 1x2}]\n")
    assert [layer.output_shape for layer in report.layers] == [(3, 4, 4), (3, 4, 2)]


def test_the_aliases_are_a_closed_list() -> None:
    assert ALIASES == KIND_ALIASES
    spellings = {alias for word in KINDS for alias, name in kind_of(word).spellings.items() if alias != name}
    assert spellings == PARAMETER_ALIASES


def test_a_word_is_a_kind_or_a_parameter_but_for_one_that_a_line_tells_apart() -> None:
    assert set(WORDS) & all_parameter_words() == {"scale", "zeros"}
    report = cnncalc.analyze(
        text="input: 8x4x4\nlayers:\n- {bn, scale: false}\n- {scale: false, bn: {center: false}}\n- scale\n"
    )
    assert [layer.params for layer in report.layers] == [8, 0, 16]


@pytest.mark.parametrize("alias", KIND_ALIASES)
def test_an_alias_is_its_kind(alias: str) -> None:
    assert kind_of(alias).word == KIND_ALIASES[alias][0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{kernel_size: 1, conv: 8, kernel: 1}", "29: conv: 'kernel' and 'kernel_size' mean the same; keep one"),
        (
            "{conv: 8, conv2d: 8, kernel: 1}",
            "13: two kinds on one line, 'conv' and 'conv2d'; give the second a line of its own",
        ),
        (
            "{maxpool: 2, ceil_mode: true, rounding: ceil}",
            "33: maxpool: 'rounding' and 'ceil_mode' mean the same; keep one",
        ),
        ("{dense: 8, units: 8}", "14: dense: 'units' and 'dense' mean the same; keep one"),
    ],
)
def test_an_alias_beside_its_canonical_name_is_an_error(line: str, problem: str) -> None:
    assert problems_of(f"input: 3x8x8\nlayers:\n- {line}\n") == [f"3:{problem}"]


def test_defaults_of_a_kind_and_of_its_alias_add_up() -> None:
    text = "input: 3x8x8\ndefaults: {conv: {padding: half}, conv2d: {bias: false}}\nlayers: [{conv: 4, kernel: 3}]\n"
    row = cnncalc.analyze(text=text)["conv"]
    assert (row.output_shape, row.params) == ((4, 8, 8), 108)  # 4*3*3*3


def test_a_default_given_under_an_alias_yields_to_the_canonical_name() -> None:
    layers = "layers: [{conv: 4, kernel: 1, stride: 1}, {conv: 4, kernel: 1}]\n"
    text = f"input: 3x8x8\ndefaults: {{conv: {{strides: 2}}}}\n{layers}"
    assert [layer.output_shape for layer in cnncalc.analyze(text=text).layers] == [(4, 8, 8), (4, 4, 4)]


def test_a_conv2d_asserts_two_axes() -> None:
    assert problems_of("input: {C: 3, L: 8}\nlayers: [{conv2d: 4, kernel: 1}]\n") == [
        "2:11: conv2d is for 2-D maps but its input is 3x8"
    ]


# `kernel` as a block would make two kinds of every `{conv: 8, kernel: 3}`.
@pytest.mark.parametrize("name", ["kernel", "strides"])
def test_a_block_is_not_named_like_a_parameter_of_a_kind(name: str) -> None:
    (problem,) = problems_of(f"input: 3x8x8\nblocks: {{{name}: [relu]}}\nlayers: [{name}]\n")
    assert problem.startswith(f"2:10: block '{name}' ")


# A universal key belongs on the line: `did you mean 'name'?` of `name` helps nobody.
@pytest.mark.parametrize("word", ["name", "repeat"])
@pytest.mark.parametrize(
    "line",
    [
        "{conv: {filters: 3, kernel: 1, WORD: x}}",
        "{conv: 3, kernel: 1, repeat: 2, first: {WORD: x}}",
        "{b: {WORD: x}}",
    ],
)
def test_a_universal_key_in_the_wrong_place_is_not_suggested_again(word: str, line: str) -> None:
    text = f"input: 3x8x8\nblocks: {{b: [relu]}}\nlayers:\n- {line.replace('WORD', word)}\n"
    assert not [problem for problem in problems_of(text) if f"did you mean '{word}'" in problem]


def test_a_universal_key_has_no_default() -> None:
    (problem,) = problems_of("input: 3x8x8\ndefaults: {conv: {repeat: 2}}\nlayers: [relu]\n")
    assert problem.startswith("2:19: 'repeat' belongs on the line, beside conv, not in here")
    assert "did you mean 'repeat'" not in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("cnncalc: [1]\ninput: 3x8x8\nlayers: [relu]\n", "1:10: "),
        ("cnncalc: {version: 1}\ninput: 3x8x8\nlayers: [relu]\n", "1:10: "),
        ("cnncalc: 1.0\ninput: 3x8x8\nlayers: [relu]\n", "1:10: format version '1.0' is not known; this is version 1"),
    ],
)
def test_the_format_version_is_1(text: str, problem: str) -> None:
    (found,) = problems_of(text)
    assert found.startswith(problem)
