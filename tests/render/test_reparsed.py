"""What is printed, read back: columns sum to the totals, formats agree, arithmetic gives its result."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bundled import ONE_OF_EACH
from render.parsing import Table, number, parse_latex, parse_markdown, parse_table, plain_from_latex, results, value_of
from running import Output

FOLDED = [pytest.param(name, [], id=name) for name in ONE_OF_EACH]
OPENED = [
    pytest.param(name, options, id=" ".join([name, *options]))
    for name in ("alexnet_two_branches", "googlenet", "resnet18", "segnet")
    for options in (["--depth", "2"], ["--expand"])
]
SUMMED = {"elements": "elements", "params": "params", "buffers": "buffers", "macs": "MACs", "flops": "FLOPs"}
COLUMNS = ["layer", "operation", "output", *SUMMED]


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def as_printed(row: dict[str, str]) -> list[str]:
    """A row of CSV as a table prints it, less the operation, whose words have other signs."""
    numbers = [f"{int(row[name]):,}" if row[name] else "" for name in SUMMED]
    return [row["layer"], row["output"].replace("x", "×"), *numbers]


def without_operation(cells: list[str]) -> list[str]:
    return [cells[0], *cells[2:]]


@pytest.mark.parametrize(("name", "folding"), [*FOLDED, *OPENED])
def test_columns_of_every_format_sum_to_the_printed_totals(output: Output, name: str, folding: list[str]) -> None:
    arguments = ["show", name, "--columns", ",".join(COLUMNS), *folding]
    tables = {
        "table": parse_table(output(*arguments)),
        "markdown": parse_markdown(output(*arguments, "--format", "markdown")),
        "latex": parse_latex(output(*arguments, "--format", "latex", "--width", "20in")),
    }
    rows = read_csv(output(*arguments, "--format", "csv"))
    totals = json.loads(output("show", name, "--format", "json"))["totals"]
    for table in tables.values():
        check_sums(table)
        assert [without_operation(cells) for cells in table.rows] == [as_printed(row) for row in rows]
        assert {k: number(table.total(SUMMED[k])) for k in SUMMED if k != "elements"} == {
            k: totals[k] for k in SUMMED if k != "elements"
        }
    assert tables["table"].rows == tables["markdown"].rows == tables["latex"].rows
    for column in SUMMED:
        total = tables["table"].total(SUMMED[column])
        assert sum(int(row[column] or "0") for row in rows) == number(total)


def check_sums(table: Table) -> None:
    assert table.rows
    assert table.totals[:3] == ["total", "", ""]
    for head in SUMMED.values():
        assert sum(map(number, table.column(head))) == number(table.total(head))


def test_a_wrong_total_would_be_noticed(output: Output) -> None:
    text = output("show", "alexnet", "--columns", ",".join(COLUMNS))
    assert "60,965,224" in text
    with pytest.raises(AssertionError):
        check_sums(parse_table(text.replace("60,965,224", "60,965,225")))


@pytest.mark.parametrize("name", ["alexnet", "m5", "mnist_keras", "lenet5"])
def test_rows_are_those_of_the_json_document(output: Output, name: str) -> None:
    rows = read_csv(output("show", name, "--columns", ",".join(COLUMNS), "--format", "csv"))
    layers = json.loads(output("show", name, "--format", "json"))["layers"]
    for row in rows:
        own = [layer for layer in layers if layer["row"] == row["layer"]]
        assert row["output"] == "x".join(map(str, own[-1]["output_shape"]))
        for figure in ("params", "buffers", "macs", "flops"):
            assert int(row[figure] or "0") == sum(layer[figure] for layer in own)
        assert int(row["elements"]) == own[-1]["elements"]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_expanded_rows_are_the_layers_of_the_json_document(output: Output, name: str) -> None:
    arguments = ["show", name, "--expand", "--columns", "layer,kind,line,output,params,macs", "--format", "csv"]
    layers = json.loads(output("show", name, "--format", "json"))["layers"]
    rows = [row for row in read_csv(output(*arguments)) if row["kind"]]
    assert [(row["layer"], row["kind"], int(row["line"])) for row in rows] == [
        (layer["path"], layer["kind"], layer["line"]) for layer in layers
    ]
    assert [row["output"] for row in rows] == ["x".join(map(str, layer["output_shape"])) for layer in layers]


# Derivations

FIGURES = {"out": "elements", "params": "params", "buffers": "buffers", "macs": "macs", "flops": "flops"}

Steps = dict[str, str]
"""The arithmetic after each label."""


def steps_of_text(text: str) -> dict[str, Steps]:
    """Each layer with its steps, as the text format prints them."""
    blocks = text.partition("\nSymbols\n")[0].strip().split("\n\n")
    return {block.split("   ")[0]: dict(_text_steps(block)) for block in blocks}


def _text_steps(block: str) -> Iterator[tuple[str, str]]:
    for line in block.splitlines()[1:]:
        label, rest = re.split(r" {2,}", line.strip(), maxsplit=1)
        if label != "source":
            yield label, re.split(r" {3}| values\b", rest)[0].strip()


def steps_of_markdown(text: str) -> dict[str, Steps]:
    """The same of the Markdown format."""
    layers: dict[str, Steps] = {}
    for line in text.splitlines():
        if heading := re.match(r"\*\*(.*?)\*\*: ", line):
            steps = layers.setdefault(re.sub(r"\\(.)", r"\1", heading[1]), {})
        elif (item := re.fullmatch(r"- (.*?): (.*?)(?: \([^=]*\))?", line)) and item[1] != "source":
            steps[item[1]] = re.sub(r"\\(.)", r"\1", re.split(r" values\b", item[2])[0])
    return layers


def steps_of_latex(text: str) -> dict[str, Steps]:
    """The same of the LaTeX format."""
    layers: dict[str, Steps] = {}
    for heading, body in re.findall(
        r"\\paragraph\{(.*?)\} .*?\n\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.S
    ):
        steps = layers.setdefault(heading.replace(r"\_", "_"), {})
        for row in body.split(" \\\\\n"):
            label = re.match(r"\\text\{(.*?)\}", row)
            assert label is not None
            arithmetic = row.rpartition("&")[2].strip()
            words_out = re.sub(r"\\text\{ ?(.*?)\}", r"\1", arithmetic.replace(r"\text{ values}", ""))
            steps[label[1].replace(r"\_", "_")] = plain_from_latex(words_out)
    return layers


READERS = {"text": steps_of_text, "markdown": steps_of_markdown, "latex": steps_of_latex}


def check_steps(layers: dict[str, Steps], document: dict[str, Any]) -> int:
    """Every arithmetic gives its result, and every figure is the document's; returns how many were computed."""
    computed = 0
    assert list(layers) == [layer["path"] for layer in document["layers"]]
    for layer in document["layers"]:
        steps = layers[layer["path"]]
        assert {"out", "params", "macs"} <= steps.keys()
        for label, arithmetic in steps.items():
            found = results(arithmetic)
            if found is not None and not re.search("[A-Za-z]", re.sub("max|frac", "", found[0])):
                computed += 1
                assert value_of(found[0]) == found[1], f"{layer['path']} {label}: {arithmetic}"
            if label in FIGURES:
                last = arithmetic.split(" = ")[-1].split(" ")[0]
                printed = value_of(last) if "×" in last else number(last)
                assert printed == layer[FIGURES[label]], f"{layer['path']} {label}: {arithmetic}"
    return computed


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_derivation_gives_its_result_and_the_documents_figure(output: Output, name: str) -> None:
    document = json.loads(output("show", name, "--format", "json"))
    for format_, read in READERS.items():
        layers = read(output("explain", name, "--format", format_))
        assert check_steps(layers, document) >= len(document["layers"]) / 3


@pytest.mark.parametrize("format_", READERS)
def test_a_wrong_derivation_would_be_noticed(output: Output, format_: str) -> None:
    document = json.loads(output("show", "lenet5", "--format", "json"))
    text = output("explain", "lenet5", "--format", format_)
    wrong = text.replace("28", "29", 1)
    assert wrong != text
    with pytest.raises(AssertionError):
        check_steps(READERS[format_](wrong), document)


@pytest.mark.parametrize("batch", [1, 16])
def test_the_three_formats_have_the_same_arithmetic(output: Output, batch: int) -> None:
    arguments = ["explain", "alexnet_keras_flowers", "--batch", str(batch)]
    texts = {format_: READERS[format_](output(*arguments, "--format", format_)) for format_ in READERS}
    assert texts["text"] == texts["markdown"]
    assert texts["text"].keys() == texts["latex"].keys()
    for path, steps in texts["text"].items():
        assert steps.keys() == texts["latex"][path].keys()
        assert [s.split(" = ")[-1] for s in steps.values()] == [
            s.split(" = ")[-1] for s in texts["latex"][path].values()
        ]
