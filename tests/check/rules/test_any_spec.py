"""No valid spec makes a rule fail, whatever it holds; each finding is at a word; the work grows with the layers."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from bundled import CORNERS
from check.looking import all_findings, subject
from every import for_every
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layers.cases import CASES, Case

from cnncalc.check.findings import Finding
from cnncalc.check.rule import CheckRule, lint_findings
from cnncalc.check.rules import RULES
from cnncalc.check.subject import Subject
from cnncalc.errors import SpecError
from cnncalc.layers import LAYERS
from cnncalc.layers.merging import Merge
from cnncalc.network.slips import named_sizes
from cnncalc.shapes import Shape

TESTS = Path(__file__).parents[2]


def check(looked_at: Subject) -> list[Finding]:
    """All findings, each looked at for what a reader needs."""
    lines = looked_at.spec.text.splitlines()
    found, paths = all_findings(looked_at), {"", *(layer.path for layer in looked_at.report.layers)}
    for finding in found:
        assert finding.severity in (RULES[finding.rule].severity, "note")  # what is a note only says so itself
        assert finding.message.isprintable()
        assert "None" not in finding.message
        assert finding.layer in paths
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= max(len(lines[finding.line - 1]), 1)
    places = [(finding.rule, finding.line, finding.column) for finding in found if finding.layer]
    assert len(places) == len(set(places)), "a rule says something twice about one place"
    return found


# Specs of the other tests


def texts() -> Iterator[str]:
    """Every text in the tests that may be a spec."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if "layers:" in text and not re.search(r"repeat: \d{5}", text):  # those take seconds and show no more
                yield text


def test_the_specs_of_all_tests() -> None:
    valid = 0
    for text in dict.fromkeys(texts()):
        try:
            looked_at = subject(text)
        except SpecError:
            continue
        check(looked_at)
        valid += 1
    assert valid > 50


@for_every(CORNERS)
def test_the_corners_of_the_language(file: Path) -> None:
    check(subject(file))


# One layer of every kind


def value_text(value: Any) -> str:
    """A setting as a spec has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Shape):
        return value.text()
    return str(list(value)).replace("(", "[").replace(")", "]") if isinstance(value, tuple) else str(value)


def spec_of(case: Case) -> str:
    """A spec of the one layer of a case."""
    inputs = ", ".join(f"{name}: {named_sizes(shape)}" for name, shape in zip("abcdefgh", case.inputs, strict=False))
    given = {name: value_text(value) for name, value in case.settings.items()}
    if case.kind == "slice":
        given = {name: "..".join(map(str, kept)) for name, kept in case.settings.items()}
    if issubclass(LAYERS[case.kind], Merge):
        given["inputs"] = str([*"abcdefgh"[: len(case.inputs)]]).replace("'", "")
    settings_ = ", ".join(f"{name}: {value}" for name, value in given.items())
    return f"inputs: {{{inputs}}}\nlayers:\n- {case.kind}: {{{settings_}}}\n"


# A spec has no add of one input, and other operands than a list of inputs are layers of their own.
WRITABLE = [
    case
    for case in CASES
    if not LAYERS[case.kind].operands or (issubclass(LAYERS[case.kind], Merge) and len(case.inputs) > 1)
]


@for_every(WRITABLE, lambda case: case.sentence)
def test_a_layer_of_every_kind(case: Case) -> None:
    looked_at = subject(spec_of(case))
    assert [layer.kind for layer in looked_at.report] == [case.kind]
    assert looked_at.report.layers[0].layer == case.make()
    check(looked_at)


# Specs of random parts

ANYWHERE = ["", "", "repeat: 2", "from: input", "name: a", "name: relu, from: input"]
CONVOLUTION = [
    *ANYWHERE, "stride: 2", "padding: 1", "padding: same", "padding: half", "padding: half, bias: false, norm: bn",
    "dilation: 2", "stride: 2, dilation: 2", "activation: relu", "repeat: 2, first: {stride: 2}",
    "strides: 3, repeat: n",
]  # fmt: skip
POOL = [
    *ANYWHERE, "stride: 1, padding: half", "stride: 1, padding: same", "stride: 2", "stride: 3, rounding: ceil",
    "stride: 4, rounding: ceil_caffe", "padding: 1", "stride: 2, padding: same_lower",
]  # fmt: skip

KINDS = {
    **dict.fromkeys(
        ("conv: 4, kernel: 3", "conv: 4, kernel: 1", "conv: 8, kernel: 2", "conv: 4, kernel: 3, groups: 4",
         "conv: 4, kernel: 5, padding: 2", "depthwise: 3"),
        CONVOLUTION,
    ),
    **dict.fromkeys(("deconv: 4, kernel: 3", "deconv: 4, kernel: 4", "deconv: 2, kernel: 1"), ["", "stride: 2"]),
    **dict.fromkeys(("maxpool: 2", "maxpool: 3", "avgpool: 3"), POOL),
    **dict.fromkeys(
        ("upsample: 2", "zeropad: 1", "shuffle: 2", "slice: 0..in/2", "dropout: 0.3", "adaptive_avgpool: 2",
         "groupnorm: 4", "scale: true", "layernorm: true", "elu: 1", "sequence: [flatten, {fc: 8}, {reshape: 2x2x2}]"),
        ANYWHERE,
    ),
}  # fmt: skip
BARE = ["relu", "bn", "softmax", "global_avgpool", "instancenorm", "lrn", "tanh", "wide", "prelu"]
HEADS = ["input: 4x64x64", "input: 8x32x48", "input: 4x9x9", "layout: HWC\ninput: 64x64x4"]


@st.composite
def lines(draw: st.DrawFn, depth: int) -> str:
    """A line of layers that may well be valid."""
    choice = draw(st.integers(0, 9 if depth else 7))
    if choice < 2:
        return draw(st.sampled_from(BARE))
    if choice < 8:
        kind = draw(st.sampled_from([*KINDS]))
        more = draw(st.sampled_from(KINDS[kind]))
        return f"{{{kind}{', ' if more else ''}{more}}}"
    if choice == 8:
        shortcut, merge = draw(st.sampled_from(["project", "if_same"])), draw(st.sampled_from(["add", "concat"]))
        return f"{{residual: {draw(bodies(depth - 1))}, shortcut: {shortcut}, merge: {merge}, repeat: 2}}"
    paths = ", ".join(draw(bodies(depth - 1)) for _ in range(2))
    return f"{{branches: [{paths}], merge: {draw(st.sampled_from(['concat', 'mul', 'add']))}, activation: relu}}"


@st.composite
def bodies(draw: st.DrawFn, depth: int) -> str:
    """A list of layers."""
    return f"[{', '.join(draw(st.lists(lines(depth), min_size=1, max_size=6)))}]"


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A small spec, valid about every second time."""
    parts = [draw(st.sampled_from(HEADS)), "vars: {n: 2, half: 3}", "blocks: {wide: [{conv: in, kernel: 1}, relu]}"]
    parts += draw(st.sampled_from([[], ["defaults: {conv: {padding: half, norm: bn}, maxpool: {rounding: ceil}}"]]))
    return "\n".join([*parts, f"layers: {draw(bodies(2))}"]) + "\n"


def examples(number: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=number, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


def test_specs_of_random_parts() -> None:
    rules: set[str] = set()
    valid = []

    @given(specs())
    @examples(150)
    def run(text: str) -> None:
        try:
            looked_at = subject(text)
        except SpecError:
            return
        valid.append(text)
        rules.update(finding.rule for finding in check(looked_at))

    run()
    assert len(valid) > 50
    assert len(rules) > 12, "the parts are too tame to say anything about the rules"


# Work


def work(rule: CheckRule, text: str) -> int:
    """The Python instructions that a rule executes."""
    looked_at, executed = subject(text), 0

    def count(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal executed
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        executed += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        list(lint_findings(rule, looked_at))
    finally:
        sys.settrace(before)
    return executed


SHAPES = {
    "a chain": lambda n: "input: 4x9x9\nlayers:\n" + "- {conv: 4, kernel: 3, padding: half}\n- bn\n- dropout\n" * n,
    "many readers of one value": lambda n: "input: 4x9x9\nlayers:\n" + "- {from: input, maxpool: 1, stride: 2}\n" * n,
    "activations behind one long chain": lambda n: "input: 4\nlayers:\n- relu\n" + "- dropout\n" * n + "- relu\n" * n,
    "residuals": lambda n: "input: 4x9x9\nlayers:\n" + "- {residual: [{conv: 4, kernel: 3, padding: 1}]}\n" * n,
    "variables": lambda n: "input: 4\nvars:\n" + "".join(f"  v{i}: {i}\n" for i in range(n)) + "layers: [relu]\n",
    "blocks": lambda n: (
        "input: 4\nblocks:\n" + "".join(f"  b{i}(c): [relu]\n" for i in range(n))
        + "layers:\n" + "".join(f"- {{b{i}: 1}}\n" for i in range(n))
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_work_of_a_rule_grows_no_faster_than_the_spec(shape: Callable[[int], str]) -> None:
    for rule in RULES.values():
        # From Python 3.13 on, the instructions of a function are counted from its second run on.
        _, small, large = (work(rule, shape(size)) for size in (5, 20, 80))
        assert large <= 4.5 * small + 500, rule.id
