"""The laws that every layer keeps, over every row of the case table."""

import copy
import importlib
import inspect
import pickle
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from math import prod

import pytest
from every import for_every
from layers.cases import CASES, COMPUTED, Case

import cnncalc.layers
from cnncalc.formula import Number, evaluate, parse, symbols
from cnncalc.layers import LAYERS
from cnncalc.layers.activation import Elementwise
from cnncalc.layers.base import Layer, Step, Weight
from cnncalc.layers.composites import COMPOSITES
from cnncalc.layers.parameters import ACTIVATIONS, Parameter, Type
from cnncalc.layers.steps import LAYER_SYMBOLS, of_input
from cnncalc.shapes import AXES, Shape

every_case = for_every(CASES, lambda case: case.sentence)
every_kind = for_every(COMPUTED)


def steps_of(case: Case) -> tuple[Step, ...]:
    return case.make().explain(*case.inputs)


# The figures


@every_case
def test_the_output_shape_is_the_literal(case: Case) -> None:
    assert case.make().output_shape(*case.inputs) == case.output


@every_case
def test_the_weights_count_to_the_literals(case: Case) -> None:
    weights = case.make().weight_shapes(*case.inputs).values()
    assert sum(prod(weight.shape) for weight in weights if weight.learned) == case.params
    assert sum(prod(weight.shape) for weight in weights if not weight.learned) == case.buffers


@every_case
def test_the_macs_are_the_literal(case: Case) -> None:
    assert case.make().macs(*case.inputs) == case.macs


@every_case
def test_every_figure_is_an_integer(case: Case) -> None:
    layer = case.make()
    sizes = [n for weight in layer.weight_shapes(*case.inputs).values() for n in weight.shape]
    figures = [*layer.output_shape(*case.inputs).sizes(), *sizes, layer.macs(*case.inputs)]
    assert {type(figure) for figure in figures} == {int}


# Weights, by name: shape and whether they are learned. The order of the axes is PyTorch's.

LEARNED_WEIGHTS = {
    "AlexNet's conv2 in two groups sees half of the channels": {"weight": (256, 48, 5, 5), "bias": (256,)},
    "ResNet's conv1 has no bias": {"weight": (64, 3, 7, 7)},
    "LeNet-5's C3 counts one kernel for each of its 60 links": {"weight": (60, 5, 5), "bias": (16,)},
    "M5's 1-D conv spans 80 samples": {"weight": (128, 1, 80), "bias": (128,)},
    "C3D's 3-D conv keeps 16 frames": {"weight": (64, 3, 3, 3, 3), "bias": (64,)},
    "a deconv in two groups spreads each channel over half of the filters": {"weight": (4, 3, 3, 3), "bias": (6,)},
    "a depthwise conv with multiplier 2 doubles the channels": {"weight": (6, 1, 3, 3), "bias": (6,)},
    "Keras' locally connected layer has a kernel for each place": {"weight": (30, 30, 27, 64), "bias": (30, 30, 64)},
    "AlexNet's fc6 has most of its weights": {"weight": (4096, 9216), "bias": (4096,)},
    "a bn learns two values for each channel and stores two": {"weight": (64,), "bias": (64,)},
    "a bn without affine only stores": {},
    "a groupnorm learns by channel, not by group": {"weight": (64,), "bias": (64,)},
    "ConvNeXt's layer scale has a factor only": {"weight": (96,)},
    "prelu learns one slope for each channel": {"weight": (64,)},
    "Keras' prelu learns a slope for each value": {"weight": (4, 3, 5)},
    "a layernorm of the whole input learns two values for each": {"weight": (32, 16, 16), "bias": (32, 16, 16)},
    "an LSTM of both directions and two layers hands on the last state of each direction": {
        "weight_ih_l0": (12, 5), "weight_hh_l0": (12, 3), "bias_l0": (12,),
        "weight_ih_l0_reverse": (12, 5), "weight_hh_l0_reverse": (12, 3), "bias_l0_reverse": (12,),
        "weight_ih_l1": (12, 6), "weight_hh_l1": (12, 3), "bias_l1": (12,),
        "weight_ih_l1_reverse": (12, 6), "weight_hh_l1_reverse": (12, 3), "bias_l1_reverse": (12,),
    },
}  # fmt: skip
STORED_WEIGHTS = {
    "a bn learns two values for each channel and stores two": {"running_mean": (64,), "running_var": (64,)},
    "a bn without affine only stores": {"running_mean": (64,), "running_var": (64,)},
    "Keras' bn may learn offsets alone": {"running_mean": (32,), "running_var": (32,)},
    "a bn of a vector has its length as channels": {"running_mean": (100,), "running_var": (100,)},
}


@pytest.mark.parametrize("sentence", LEARNED_WEIGHTS)
def test_learned_weights_have_names_and_shapes(sentence: str) -> None:
    (case,) = (case for case in CASES if case.sentence == sentence)
    weights = case.make().weight_shapes(*case.inputs)
    assert {name: weight.shape for name, weight in weights.items() if weight.learned} == LEARNED_WEIGHTS[sentence]


@every_case
def test_only_bn_stores_what_it_does_not_learn(case: Case) -> None:
    weights = case.make().weight_shapes(*case.inputs)
    assert all(type(weight) is Weight for weight in weights.values())
    stored = {name: weight.shape for name, weight in weights.items() if not weight.learned}
    assert stored == STORED_WEIGHTS.get(case.sentence, {})


# The descriptor


@every_case
def test_a_layer_equals_a_second_one_of_the_same_settings(case: Case) -> None:
    first, second = case.make(), case.make()
    assert first is not second
    assert first == second
    assert hash(first) == hash(second)


def test_layers_of_other_settings_or_kinds_differ() -> None:
    layers = {(type(layer), repr(layer)): layer for layer in (case.make() for case in CASES)}
    assert len(set(layers.values())) == len(layers) > len(LAYERS)
    pairs = [(a, b) for a in layers.values() for b in layers.values() if a is not b]
    assert [(a, b) for a, b in pairs if a == b] == []


@every_case
def test_a_layer_is_frozen(case: Case) -> None:
    layer = case.make()
    for name in (*LAYERS[case.kind].parameters, "another"):
        with pytest.raises(FrozenInstanceError):
            setattr(layer, name, 1)


@every_kind
def test_a_layer_takes_its_settings_by_name_and_all_of_them(kind: str) -> None:
    cls = LAYERS[kind]
    with pytest.raises(TypeError):
        cls(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="another"):
        cls(**dict.fromkeys((*cls.parameters, "another"), 1))
    for name in cls.parameters:
        with pytest.raises(TypeError, match=name):
            cls(**dict.fromkeys(cls.parameters.keys() - {name}, 1))


@every_case
def test_a_layer_survives_a_copy_and_a_pickle(case: Case) -> None:
    layer = case.make()
    assert copy.copy(layer) == copy.deepcopy(layer) == pickle.loads(pickle.dumps(layer)) == layer


@every_case
def test_the_repr_of_a_layer_makes_it_again(case: Case) -> None:
    layer = case.make()
    names = {cls.__name__: cls for cls in LAYERS.values()} | {"Shape": Shape}
    assert eval(repr(layer), names) == layer


@every_case
def test_sizes_have_one_number_for_each_axis(case: Case) -> None:
    layer, rank = case.make(), case.inputs[0].rank
    for name in ("kernel", "stride", "dilation", "output_padding", "block_size"):
        assert len(getattr(layer, name, None) or (0,) * rank) == rank
    padding = getattr(layer, "padding", ((0, 0),) * rank)
    assert isinstance(padding, str) or [len(pair) for pair in padding] == [2] * rank


PADDINGS = {
    "ResNet's conv1 has no bias": ((3, 3), (3, 3)),
    "Inception's 1x7 conv is padded along the width only": ((0, 0), (3, 3)),
    "Keras' MobileNet pads its first conv below and on the right only": ((0, 1), (0, 1)),
    # ceil(10/3) = 4: 3*3 + 3 - 10 = 2; ceil(7/3) = 3: 2*3 + 3 - 7 = 2
    "a conv with padding same gives the size over the stride, rounded up": ((1, 1), (1, 1)),
    # ceil(8/2) = 4, effective kernel 7: 3*2 + 7 - 8 = 5; the odd one comes last
    "a conv with padding same and dilation pads for the effective kernel": ((2, 3), (2, 3)),
    "a conv with padding same_lower keeps the size of an even kernel": ((1, 0), (1, 0)),
    "a conv with padding half loses a pixel with an even kernel": ((1, 1), (1, 1)),
    "a causal conv keeps the length and reads only the past": ((4, 0),),
    "a deconv with padding same multiplies the size by the stride": ((0, 1), (0, 1)),  # 3 - 2 = 1 is cropped
    "a strided depthwise conv with padding same halves an even map": ((0, 1), (0, 1)),  # 55*2 + 3 - 112 = 1
    "windows may have gaps and padding": ((0, 1), (1, 0)),
    "a max pool with padding same gives the size over the stride, rounded up": ((1, 1), (0, 1)),  # 4+3-5, 4+3-6
    "an average pool may be padded on one side": ((0, 1),),
    "zeros may go to one side": ((1, 0), (2, 3)),
}


@pytest.mark.parametrize("sentence", PADDINGS)
def test_the_padding_of_each_side_is_the_literal(sentence: str) -> None:
    (case,) = (case for case in CASES if case.sentence == sentence)
    assert case.make().padding_pairs(*case.inputs) == PADDINGS[sentence]


@every_case
def test_a_kind_without_padding_says_so(case: Case) -> None:
    if "padding" not in LAYERS[case.kind].parameters:
        assert case.make().padding_pairs(case.inputs[0]) is None


# Rules and derivations


def results_of(case: Case) -> dict[tuple[str, str], Number]:
    """What each rule gives, by axis and symbol; a rule may use those before it."""
    results: dict[tuple[str, str], Number] = {}
    for rule in case.make().rules(*case.inputs):
        known = {symbol: value for (axis, symbol), value in results.items() if axis in ("", rule.axis)}
        assert {name: known[name] for name in known.keys() & rule.values.keys()}.items() <= rule.values.items(), rule
        results[rule.axis, rule.symbol] = evaluate(parse(rule.formula), known | dict(rule.values))
    return results


@every_case
def test_the_rules_give_every_figure(case: Case) -> None:
    x, output, results = case.inputs[0], case.output, results_of(case)
    kept = dict(zip(AXES[x.rank], x.spatial, strict=True))
    sizes = tuple(results.get((letter, "")) or kept[letter] for letter in AXES[output.rank])
    assert (results.get(("", "channels"), x.channels), sizes) == (output.channels, output.spatial)
    counts = {name: results.get(("", name), 0) for name in ("params", "buffers", "macs")}
    assert counts == {"params": case.params, "buffers": case.buffers, "macs": case.macs}


@every_case
def test_the_steps_show_what_the_rules_give(case: Case) -> None:
    results = results_of(case)
    shown = [rule for rule in case.make().rules(*case.inputs) if rule.shown]
    for rule, step in zip(shown, steps_of(case), strict=True):
        assert step.result == results[rule.axis, rule.symbol]
        assert set(step.values) == set(symbols(parse(step.formula or "1")))
        assert evaluate(parse(step.formula or str(step.result)), step.values) == step.result


NOTES = {
    "AlexNet's conv2 in two groups sees half of the channels": {"macs": "each filter sees 48 of 96 channels"},
    "LeNet-5's C3 counts one kernel for each of its 60 links": {
        "macs": "links: pairs of a filter and an input map that it sees"
    },
    "a conv with padding same and dilation pads for the effective kernel": {
        "height, total padding": "2 before, 3 after",
        "height": "exact: nothing is left over",
        "macs": "",
    },
    "a deconv with output_padding 1 finds the even size again": {"height": "A: output_padding"},
    "a crop cuts the centre": {"height, total cut": "4 before, 4 after", "width, total cut": "4 before, 5 after"},
    "a bn without affine only stores": {"buffers": "running mean and variance, stored but not learned"},
    "ConvNeXt's layer scale has a factor only": {"params": "a factor for each channel"},
    "LeNet's subsampling has a factor and an offset": {"params": "a factor and an offset for each channel"},
    "prelu learns one slope for each channel": {"params": "a slope for each channel"},
    "PyTorch's prelu learns one slope": {"params": "one slope for all values"},
    "Keras' prelu learns a slope for each value": {"params": "a slope for each value"},
    "Keras' bn may learn offsets alone": {"params": "an offset for each channel"},
    "a layernorm of the whole input learns two values for each": {"params": "a factor and an offset for each value"},
}


@pytest.mark.parametrize("sentence", NOTES)
def test_a_step_says_what_its_numbers_do_not(sentence: str) -> None:
    (case,) = (case for case in CASES if case.sentence == sentence)
    notes = {step.label: step.note for step in steps_of(case)}
    assert notes.items() >= NOTES[sentence].items()


@every_case
def test_a_reader_is_told_what_each_symbol_means(case: Case) -> None:
    """By the legend, or because it is the word of a setting."""
    for step in steps_of(case):
        unknown = set(symbols(parse(step.formula or "1"))) - LAYERS[case.kind].parameters.keys()
        assert {name for name in unknown if name not in LAYER_SYMBOLS and not of_input(name)} == set()


# The registry and the words of the language


def test_every_kind_has_a_case_and_every_case_a_kind() -> None:
    shown = {case.kind for case in CASES}
    assert {*COMPUTED} - shown == set(), "kinds without a row in tests/layers/cases.py"
    assert shown - {*COMPUTED} == set(), "rows of tests/layers/cases.py whose kind is not in LAYERS"


def test_no_two_cases_have_one_sentence() -> None:
    sentences = [case.sentence for case in CASES]
    assert sorted(set(sentences)) == sorted(sentences)


@every_kind
def test_the_word_of_a_class_is_its_key(kind: str) -> None:
    assert LAYERS[kind].kind == kind


def subclasses(cls: type[object]) -> Iterator[type[object]]:
    for below in cls.__subclasses__():
        yield below
        yield from subclasses(below)


def test_a_class_is_a_registered_final_kind_or_a_family_without_a_word() -> None:
    for module in pkgutil.iter_modules(cnncalc.layers.__path__, "cnncalc.layers."):
        importlib.import_module(module.name)
    classes = [cls for cls in subclasses(Layer) if cls.__module__.startswith("cnncalc.layers.")]
    final = {cls for cls in classes if getattr(cls, "__final__", False)}
    assert final == set(LAYERS.values())
    assert [cls for cls in classes if cls not in final and hasattr(cls, "kind")] == []
    assert [cls for cls in final if cls.__subclasses__()] == []


def accepted(kind: str) -> dict[str, Parameter]:
    """Every parameter of a kind, with those that say what it reads and what follows it."""
    if kind in COMPOSITES:
        return {**COMPOSITES[kind].parameters, **COMPOSITES[kind].followers}
    return {**LAYERS[kind].operands, **LAYERS[kind].parameters, **LAYERS[kind].followers}


OPTIONAL = ("memory", "connections", "over", "parts", "output_padding", "output_size")
"""Parameters that are nothing by default."""

KINDS = (*LAYERS, *COMPOSITES)
UNIVERSAL = ("name", "from", "repeat", "first", "out", "params")  # allowed on every layer, by the grammar


def kind_words() -> list[str]:
    return [*KINDS, *(alias for cls in LAYERS.values() for alias in cls.aliases)]


def test_no_word_names_two_kinds() -> None:
    assert sorted(set(kind_words())) == sorted(kind_words())


def test_no_word_names_a_kind_and_a_parameter() -> None:
    words = {word for kind in KINDS for name, p in accepted(kind).items() for word in (name, *p.aliases)}
    assert words >= {"filters", "out_channels", "inputs", "align", "norm", "activation", "body", "shortcut"}
    assert words & set(kind_words()) == {"scale", "zeros"}  # {bn, scale: false}: Keras has it so
    assert {*words, *kind_words()} & set(UNIVERSAL) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_names_two_parameters_of_a_kind(kind: str) -> None:
    words = [word for name, p in accepted(kind).items() for word in (name, *p.aliases)]
    assert sorted(set(words)) == sorted(words)


# Docstrings: what `cnncalc layers` prints

SILENT = {kind for kind, cls in LAYERS.items() if issubclass(cls, Elementwise)}


@every_kind
def test_a_docstring_has_a_sentence_and_the_sections_of_its_family(kind: str) -> None:
    doc = inspect.cleandoc(LAYERS[kind].__doc__ or "")
    assert re.fullmatch(r"[A-Z].*\.", doc.splitlines()[0])
    sections = re.findall(r"^(\w+):", doc, re.MULTILINE)
    assert sections == [name for name in ("Shape", "Weights", "MACs", "Ops", "Raises") if name in sections]
    assert {"Shape", "Weights", "MACs"} <= set(sections) or (kind in SILENT and "Ops" not in sections)
    counted = next(case.ops for case in CASES if case.kind == kind)
    assert "Ops" in sections or not counted or LAYERS[kind].ops is Layer.ops
    assert counted or "Ops" not in sections


@every_kind
def test_a_docstring_names_every_weight(kind: str) -> None:
    doc = LAYERS[kind].__doc__ or ""
    named = {
        re.sub(
            r"_l\d(_reverse)?$", "", name
        )  # recurrent layers have a tensor of each name for each layer and direction
        for case in CASES
        if case.kind == kind
        for name in case.make().weight_shapes(*case.inputs)
    }
    assert [name for name in named if not re.search(rf"\b{name} \(", doc)] == []
    assert named or kind in SILENT or "Weights: none." in doc


@every_kind
def test_every_parameter_has_a_description_for_the_reference(kind: str) -> None:
    for name, parameter in accepted(kind).items():
        assert parameter.doc, name
        assert not parameter.doc.endswith("."), name
        assert parameter.required == (
            parameter.default is None
            and not parameter.default_from
            and name not in OPTIONAL
            and parameter.type not in (Type.FACTOR, Type.TARGET, Type.RANGE)
        )


def test_every_activation_is_a_value_of_activation() -> None:
    """A new class in one of the two files of activations is nothing that `activation:` takes by itself."""
    files = ("cnncalc.layers.activation", "cnncalc.layers.curves")
    kinds = {kind for kind, layer in LAYERS.items() if layer.__module__ in files}
    assert kinds - set(ACTIVATIONS) == {"dropout", "zeros", "identity"}
