"""Whatever the text: a report or an error of cnncalc, and every problem has a place that an editor can show."""

import io
import re

import pytest
from bundled import NAMES, text_of
from fuzzing import fuzz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.render.problems import print_problems
from cnncalc.render.screen import Screen

LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def check(text: str) -> None:
    """Analyse a text; fails unless it comes to a usable report or an error with usable problems."""
    try:
        report = cnncalc.analyze(text=text)
    except cnncalc.SpecError as error:
        check_error(error, text)
        return
    assert report.rows()
    assert report.output_shapes
    assert all(map(str, report.layers))
    known = set(report.network.inputs)
    for node in report.network.nodes:
        assert known.issuperset(node.inputs)
        assert node.path not in known
        known.add(node.path)


def check_error(error: cnncalc.SpecError, text: str) -> None:
    """Every problem lies in the text, in order, and can be printed."""
    lines = LINE_ENDS.split(text)
    places = [(problem.line, problem.column) for problem in error.problems]
    assert places
    assert places == sorted(places)
    for line, column in places:
        # YAML finds that something is missing after the last line, as if that had ended.
        inside = line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
        assert inside or (line, column) == (len(lines) + 1, 1), (line, column, str(error))
    assert all(problem.message and problem.rule and problem.length >= 1 for problem in error.problems)
    assert str(error) == "\n".join(error.lines())
    for terminal in (False, True):
        print_problems(error, Screen(io.StringIO(), 80, terminal=terminal))


@given(st.text())
@fuzz(60)
def test_any_text(text: str) -> None:
    check(text)


@given(st.text(alphabet="ab1 :-,[]{}'\"&*!|>%@`#?~\n\t\r\\.\x85\u2028\ufeffé"))
@fuzz(60)
def test_any_text_of_the_signs_of_yaml(text: str) -> None:
    check(text)


@given(st.binary(), st.sampled_from(["latin-1", "utf-8", "utf-16", "utf-8-sig"]))
@fuzz(60)
def test_any_bytes_as_text(content: bytes, encoding: str) -> None:
    check(content.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace"))


@given(st.binary(max_size=60))
@fuzz(60)
def test_any_bytes_as_a_file(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    file.write_bytes(content)
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(file)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in caught.value.problems)


# Mutations

NASTY = [
    "", " ", "''", '""', "~", "null", "true", "no", "0", "-1", "1", "2", "010", "1e3", "1e", "1e+-5", "0.5", "1.5",
    ".5", "5.", "1_000", "1000000000000", "999999999999999999", "999999999999999999999999999999", "in", "in/2",
    "in//2", "in*in", "prev", "input", "min", "x", "c", "relu", "conv", "residual", "same", "half", "none", "3x3",
    "1x1x1", "0x0", "3x", "x3", "[]", "{}", "[[]]", "[[], []]", "[1, 2]", "[[0, 1], [1, 0]]", "{a: b}", "[relu]",
    "[[relu], []]", "&a", "*a", "!t", "!!int 3", "|", ">", "<<", "?", "- ", ": ", "#", "a: b", "'a", '"\\n"', '"\\0"',
    '"\\ud800"', "name", "from", "repeat", "first", "out", "params", "kernel", "filters", "kernal", "flatten", "fc",
    "{conv: 1, kernel: 1}", "{x: {y: {z: 1}}}", "(", ")", "(1", "1)", "1/0", "1%0", "round_to(1, 8)",
    '"round_to(in, 8)"', "0..in", "1..0", "\u2028", "\x85", "\x00", "\ud800", "\ufeff", "é", "---", "...",
    "%YAML 1.1", "\t", "layers", "input: 3x8x8", "blocks", "vars", "DIGITS", "LETTERS",
]  # fmt: skip

LONG = {"DIGITS": "9" * 5000, "LETTERS": "a" * 2000}
"""Words that would fill the list above."""

TOKEN = re.compile(r"\n[ ]*|[ ]+|[\[\]{},:]|[^\s\[\]{},:]+|\s")

ACCIDENTS = [
    "delete", "double", "swap", "replace", "insert", "delete line", "double line", "swap lines", "indent",
]  # fmt: skip

Mutation = tuple[str, float, float, str]

SOMEWHERE = st.floats(0, 1, exclude_max=True)
MUTATIONS = st.lists(
    st.tuples(st.sampled_from(ACCIDENTS), SOMEWHERE, SOMEWHERE, st.sampled_from(NASTY)), min_size=1, max_size=8
)


def mutated(text: str, mutations: list[Mutation]) -> str:
    """The text after some accidents."""
    for what, here, there, nasty in mutations:
        by_lines = "line" in what or what == "indent"
        parts = text.splitlines(keepends=True) if by_lines else TOKEN.findall(text)
        if not parts:
            break
        i, j = int(here * len(parts)), int(there * len(parts))
        match what.removesuffix(" line").removesuffix(" lines"):
            case "delete":
                del parts[i]
            case "double":
                parts.insert(i, parts[i])
            case "swap":
                parts[i], parts[j] = parts[j], parts[i]
            case "replace":
                parts[i] = LONG.get(nasty, nasty)
            case "insert":
                parts.insert(i, LONG.get(nasty, nasty))
            case "indent":
                parts[i] = parts[i][1:] if there < 0.5 else f"  {parts[i]}"
        text = "".join(parts)
    return text


@given(st.sampled_from(NAMES), MUTATIONS)
@fuzz(60)
def test_a_bundled_architecture_after_some_accidents(name: str, mutations: list[Mutation]) -> None:
    check(mutated(text_of(name), mutations))


# Specs from a small grammar

WORDS = ["a", "b", "c", "d", "x", "prev", "input", "in", "relu", "half", "same", "bn", "none", "conv", "true"]
NUMBERS = ["0", "1", "2", "3", "4", "8", "16", "in", "in*2", "in/2", "in//2", "c", "c + 1", "1.5", "0.5", "w", "1/0"]
SIZES = [*NUMBERS, "3x3", "1x3", "3x3x3", "[1, 2]", "[3]", "[[0, 1], [1, 0]]"]
ANY = [*WORDS, *SIZES, *NASTY]

VALUES = {
    "kernel": SIZES,
    "stride": SIZES,
    "padding": [*SIZES, *WORDS],
    "dilation": NUMBERS,
    "groups": NUMBERS,
    "multiplier": NUMBERS,
    "output_padding": NUMBERS,
    "bias": WORDS,
    "norm": WORDS,
    "activation": WORDS,
    "connections": ["[[0]]", "[[0], [1]]", "x"],
    "rounding": ["ceil", "floor", "up"],
    "align": ["center", "x"],
    "merge": ["add", "concat", "mul", "x"],
    "shortcut": ["project", "pad", "if_same", "identity", "[relu]", "[]", "x"],
    "c": ANY,
    "d": ANY,
    "colour": ANY,
    "name": WORDS,
    "from": WORDS,
    "repeat": NUMBERS,
    "first": ["{stride: 2}", "{c: 2}", "{kernel: in}", "{shortcut: [relu]}", "x"],
    "out": ["1x1x1", "8", "x"],
    "params": ["1K", "0", "{max: 1M}", "x"],
}
"""Parameters with values that they may have."""

KINDS: dict[str, tuple[list[str], str]] = {
    "conv": (NUMBERS, "kernel kernel stride padding groups bias norm activation connections repeat name from"),
    "conv2d": (ANY, "kernel stride padding first repeat"),
    "deconv": (NUMBERS, "kernel kernel stride padding output_padding"),
    "depthwise": (SIZES, "stride padding multiplier norm"),
    "maxpool": (SIZES, "stride padding rounding repeat"),
    "avg_pool": (SIZES, "stride padding rounding"),
    "unpool": (["a", "b", "x", "prev", "input", "c", "2", "[a]"], "name from repeat kernel"),
    "fc": (NUMBERS, "bias activation name norm"),
    "add": (["[a, prev]", "[prev, prev]", "[x, b]", "[prev]"], "align activation from"),
    "concat": (["[a, prev]", "[prev, prev]", "[input, prev]", "x"], "align repeat name"),
    "mul": (["[a, prev]", "[prev, input]", "[c, d]"], "align"),
    "slice": (["0..in/2", "1..2", "in..1", "x", "{H: 0..2}"], ""),
    "reshape": (["8x3x8", "192", "1x1x1x1x1", "in"], ""),
    "zeropad": (SIZES, ""),
    "crop": (SIZES, ""),
    "upsample": (SIZES, "repeat"),
    "shuffle": (NUMBERS, ""),
    "space_to_depth": (SIZES, ""),
    "depth_to_space": (SIZES, "repeat"),
    "pad_channels": (["[0, 8]", "[in, 1]", "[c, c + 1]", "[1]", "2", "x"], "repeat"),
    "groupnorm": (NUMBERS, ""),
    "adaptive_avgpool": (SIZES, ""),
    "leaky_relu": (ANY, ""),
    "b": (ANY, "c d repeat first from name"),
    "d": (ANY, "c repeat name"),
}
"""Kinds and blocks with their first values and some of their parameters."""

BARE = ["relu", "flatten", "bn", "softmax", "global_avgpool", "dropout", "lrn", "b", "d", "unknown", "prelu"]


def mapping(pairs: dict[str, str]) -> str:
    """A flow mapping."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"


@st.composite
def settings_of(draw: st.DrawFn, names: str) -> dict[str, str]:
    """A few of these parameters, now and then any other."""
    chosen = draw(st.lists(st.sampled_from(names.split() or ["name"]), max_size=3))
    if draw(st.integers(0, 9)) == 9:
        chosen.append(draw(st.sampled_from(sorted(VALUES))))
    return {key: draw(st.sampled_from(VALUES[key])) for key in chosen}


@st.composite
def lines(draw: st.DrawFn, depth: int) -> str:
    """One line of a list of layers."""
    what = draw(st.integers(0, 9))
    if what == 0:
        return draw(st.sampled_from(BARE))
    if what == 1:
        return draw(st.sampled_from(NASTY))
    if what < 6 or depth == 0:
        kind = draw(st.sampled_from(sorted(KINDS)))
        first, names = KINDS[kind]
        return mapping({kind: draw(st.sampled_from(first))} | draw(settings_of(names)))
    if what == 6:
        paths = [draw(bodies(depth - 1)) for _ in range(draw(st.integers(0, 3)))]
        return mapping({"branches": f"[{', '.join(paths)}]"} | draw(settings_of("merge activation name from")))
    if what == 7:
        return mapping({"sequence": draw(bodies(depth - 1))} | draw(settings_of("repeat from name")))
    shortcut = {"shortcut": draw(bodies(depth - 1))} if what == 8 else {}
    residual = {"residual": draw(bodies(depth - 1))}
    return mapping(residual | draw(settings_of("shortcut merge activation repeat name first")) | shortcut)


@st.composite
def bodies(draw: st.DrawFn, depth: int) -> str:
    """A list of layers."""
    return f"[{', '.join(draw(lines(depth)) for _ in range(draw(st.integers(0, 4))))}]"


INPUTS = [
    "input: {C: 3, H: 8, W: 8}", "input: {C: 4, L: 16}", "input: 3x8x8", "input: [4, 6, 6, 6]", "input: 64",
    "inputs: {a: 3x8x8, x: 3x8x8}", "inputs: {x: 3x8x8}", "inputs: {relu: 3x8x8, conv: 3x8x8}",
    "input: {C: in, H: 8, W: 8}", "input: {C: w, H: 8, W: 8}", "input: 8x8x3",
]  # fmt: skip

SECTIONS = {
    "vars": ["{w: 0.5}", "{w: 2, c: w*2}", "{w: c, c: 3}", "{w: in}", "[w]", "{}"],
    "outputs": ["[a]", "[a, b]", "a", "[prev]", "[input]", "[]"],
    "expect": ["{params: 1K}", "{macs: {max: 1G}, layers: {a: {out: 1x1x1}, b: {params: 0}}}", "{x: 1}", "[1]"],
    "layout": ["CHW", "HWC", "x"],
    "cnncalc": ["1", "2", "[1]"],
    "name": ANY,
}

SIGNATURES = ['"b(c, d=c)"', '"b(c=in)"', "b(c)", "b", '"b(c, d=prev)"', '"d(c=2)"', "d", "relu", "a b", "kernel"]


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec whose words are those of the language, in places that may be theirs."""
    parts = [draw(st.sampled_from(INPUTS))]
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["conv", "maxpool", "residual", "bn", "b", "conv2d"]))
        parts.append(f"defaults: {mapping({kind: mapping(draw(settings_of('padding norm activation bias')))})}")
    signatures = draw(st.lists(st.sampled_from(SIGNATURES), max_size=3, unique=True))
    parts.append(f"blocks: {mapping({signature: draw(bodies(1)) for signature in signatures})}")
    sections = draw(st.lists(st.sampled_from(sorted(SECTIONS)), max_size=3, unique=True))
    parts += [f"{section}: {draw(st.sampled_from(SECTIONS[section]))}" for section in sections]
    parts.append(f"layers: {draw(bodies(2))}")
    text = "\n".join(parts) + "\n"
    for word, long in LONG.items():
        text = text.replace(word, long)
    return text


@given(specs())
@fuzz(60)
def test_a_spec_of_random_parts(text: str) -> None:
    check(text)


# The parts must not all be refused, or nothing after the reader would be tried.
def test_some_of_the_random_specs_are_valid() -> None:
    valid = []

    @given(st.sampled_from(INPUTS), bodies(0))
    @settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def count(head: str, layers: str) -> None:
        try:
            valid.append(len(cnncalc.analyze(text=f"{head}\nlayers: {layers}\n")))
        except cnncalc.CnnCalcError:
            return
        except Exception:  # test_a_spec_of_random_parts fails for it
            return

    count()
    assert sum(layers > 0 for layers in valid) >= 5
