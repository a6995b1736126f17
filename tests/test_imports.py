"""Data flows one way: a module imports only from parts of lower rank (`cnncalc guide design`)."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from every import for_every

PACKAGE = Path(__file__).parent.parent / "cnncalc"
MODULES = sorted(PACKAGE.rglob("*.py"))

RANKS = {
    "shapes": 0,
    "formula": 0,
    "figures": 1,
    "notation": 1,  # of formulas, as text and as LaTeX
    "errors": 1,  # its messages carry shapes
    "files": 1,
    "following": 1,  # of files on disk
    "processes": 1,
    "language": 2,
    "layers": 2,
    "targets": 3,  # which files on disk are specs
    "packing": 3,  # cnncalc's own files, in archives
    "network": 3,
    "analysis": 4,
    "executor": 4,
    "tracing": 4,  # of one value, which the executor has found otherwise
    "formats": 5,
    "explaining": 5,  # what a number is that somebody states
    "comparison": 5,  # of two specs with their reports
    "rewriting": 5,  # of a spec's text
    "importing": 6,  # of model files, as specs
    "exporting": 7,  # of networks, as code and files of other programs
    "verification": 7,  # not `verify`, which is the function that cnncalc offers under this name
    "check": 7,
    "homework": 7,
    "proofreading": 8,  # of write-ups
    "render": 8,  # writes what all of these found
    "editing": 9,  # of texts in editors: what they ask for
    "drawing": 9,  # pictures, with the words of render
    "pages": 10,  # a report as one HTML file, with table and pictures
    "lsp": 10,  # the language server
    "live": 11,  # what a page with an editor asks
    "serving": 12,  # that page, its server and the one file that it edits
    "api": 10,
    "site": 12,  # the page with Pyodide, as a folder
    "": 12,  # cnncalc itself: what `import cnncalc` offers
    "cli": 13,
    "__main__": 14,
}
"""Each part, and its rank; parts of one rank do not know each other."""

ALLOWED = {
    "rich": {"render", "cli"},
    "click": {"cli"},
    "numpy": {"executor", "verification"},
    "PIL": {"executor"},
    "cairosvg": {"drawing"},
    "cairocffi": {"drawing"},
    "pypdf": {"proofreading"},
    "openpyxl": {"homework"},
    "safetensors": {"executor"},
    "h5py": {"executor"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "yaml": {"language"},
    "onnx": {"formats", "importing", "verification"},
    "onnxruntime": {"formats", "verification"},
}
"""Which parts may import a dependency."""


ROLES = {"command": "cli", "view": "render"}
"""Files of any part that rank as another one by their name: `command.py` and `sheet_view.py`, for example."""


def part_of(dotted: str) -> str:
    """The part that a module belongs to: `render` for cnncalc.render.table, empty for cnncalc."""
    return dotted.split(".")[1] if "." in dotted else ""


def place_of(dotted: str) -> str:
    """The part that a module ranks as: `cli` for cnncalc.check.rules_command, else its own."""
    names = dotted.split(".")[2:]
    return ROLES.get(names[-1].rsplit("_", 1)[-1] if names else "", part_of(dotted))


def dotted_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str) -> Iterator[str]:
    """The modules that a source imports, inside functions too; a relative one with its dots."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module="cnncalc", level=0, names=names):
                yield from {f"cnncalc.{alias.name}" if alias.name in RANKS else "cnncalc" for alias in names}
            case ast.ImportFrom(module=str(module), level=0, names=names) if module.count(".") == 1:
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom(module=module, level=level):
                yield "." * level + (module or "")
            case ast.Call(func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"), args=[first, *_]):
                yield _called(first)
            case ast.Call(func=ast.Name(id="__import__"), args=[first, *_]):
                yield _called(first)


def _called(argument: ast.expr) -> str:
    """What `import_module` gets, as far as the text says it: the start of an f-string."""
    match argument:
        case ast.Constant(value=str(name)):
            return name
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            return start
    return "?"


def wrong_imports(dotted: str, source: str) -> list[str]:
    """Every import that the module may not have, with the reason."""
    part, place, wrong = part_of(dotted), place_of(dotted), []
    if part not in RANKS:
        return [f"{dotted}: part '{part}' has no rank"]
    for name in imports(source):
        top = name.split(".")[0]
        if name.startswith("."):
            wrong.append(f"{dotted}: {name} is relative")
        elif top == "?":
            wrong.append(f"{dotted}: imports what no reader can tell")
        elif top != "cnncalc":
            if place not in ALLOWED.get(top, {place}):
                wrong.append(f"{dotted}: {place} may not import {top}")
        elif part_of(name) not in RANKS:
            wrong.append(f"{dotted}: {name} has no rank")
        elif place_of(name) != part_of(name) != part and RANKS[place_of(name)] >= RANKS[place]:
            wrong.append(f"{dotted}: {name} may not be imported outside of {part_of(name)}")
        elif place_of(name) != place and RANKS[place_of(name)] >= RANKS[place]:
            wrong.append(f"{dotted}: {part or 'cnncalc'} may not import {name}")
    return wrong


def test_the_design_page_has_these_ranks() -> None:
    text = (PACKAGE / "guide" / "design.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+)(?: to (\d+))? \| (`.*?`) \|", text, re.MULTILINE)
    said = {part: (int(least), int(most or least)) for least, most, parts in rows for part in re.findall(r"\w+", parts)}
    ranks = {part or "cnncalc": rank for part, rank in RANKS.items() if part != "__main__"}
    assert said.keys() == ranks.keys()
    assert {part: rank for part, rank in ranks.items() if not said[part][0] <= rank <= said[part][1]} == {}


def test_there_are_modules_to_look_at() -> None:
    parts = {part_of(dotted_name(path)) for path in MODULES}
    assert {"language", "layers", "network", "analysis", "check", "render", "api", "cli"} <= parts


@for_every(MODULES, dotted_name)
def test_module_imports_only_from_lower_ranks(path: Path) -> None:
    assert wrong_imports(dotted_name(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("dotted", "source"),
    [
        ("cnncalc.check.rules_command", "import click\nimport cnncalc.cli.common\nimport cnncalc.check.rules_view"),
        ("cnncalc.check.view", "import rich.table\nimport cnncalc.render.grid\nimport cnncalc.check.findings"),
        ("cnncalc.live.x", "import cnncalc.check.view"),
    ],
    ids=["a command", "a view", "what is above a view"],
)
def test_a_file_ranks_by_its_name(dotted: str, source: str) -> None:
    assert wrong_imports(dotted, source) == []


@pytest.mark.parametrize(
    ("dotted", "source", "reason"),
    [
        pytest.param(
            "cnncalc.language.x", "import cnncalc.layers", "may not import cnncalc.layers", id="language knows layers"
        ),
        pytest.param("cnncalc.layers.x", "from cnncalc.language.model import Spec", "may not", id="layers know it"),
        pytest.param("cnncalc.render.x", "from cnncalc.cli.common import f", "may not", id="render imports cli"),
        pytest.param("cnncalc.api", "def f():\n    import cnncalc.cli", "may not", id="inside a function"),
        pytest.param("cnncalc.render.x", "import cnncalc", "may not import cnncalc", id="the package itself"),
        pytest.param("cnncalc.language.x", "from cnncalc import layers", "cnncalc.layers", id="from the package"),
        pytest.param("cnncalc.analysis.x", "import rich.table", "may not import rich", id="rich below render"),
        pytest.param("cnncalc.render.x", "import click", "may not import click", id="click below cli"),
        pytest.param("cnncalc.cli.x", "from numpy import array", "may not import numpy", id="numpy in a command"),
        pytest.param("cnncalc.render.x", "import PIL.Image", "may not import PIL", id="Pillow outside the executor"),
        pytest.param("cnncalc.cli.x", "import safetensors", "may not", id="safetensors outside the executor"),
        pytest.param("cnncalc.analysis.x", "import cnncalc.executor", "may not", id="analysis knows executor"),
        pytest.param("cnncalc.cli.x", "from . import common", "is relative", id="a relative import"),
        pytest.param("cnncalc.api", "import_module('cnncalc.cli')", "may not", id="import_module"),
        pytest.param("cnncalc.api", "import_module(name)", "no reader can tell", id="import_module of a variable"),
        pytest.param("cnncalc.utils", "", "has no rank", id="a new part"),
        pytest.param("cnncalc.check.x", "import click", "check may not import click", id="click outside a command"),
        pytest.param("cnncalc.check.x", "import cnncalc.render.grid", "may not", id="render outside a view"),
        pytest.param("cnncalc.check.x", "import cnncalc.check.view", "may not import", id="a part knows its view"),
        pytest.param("cnncalc.check.x", "from cnncalc.check import x_view", "may not", id="a view from its folder"),
        pytest.param(
            "cnncalc.check.view", "import cnncalc.cli.x", "may not import cnncalc.cli", id="a view imports cli"
        ),
        pytest.param("cnncalc.render.x", "import cnncalc.check.view", "outside of check", id="another part's view"),
        pytest.param("cnncalc.cli.x", "import cnncalc.check.command", "outside of check", id="another's command"),
    ],
)
def test_a_wrong_import_is_noticed(dotted: str, source: str, reason: str) -> None:
    (problem,) = wrong_imports(dotted, source)
    assert reason in problem


def loaded_after(code: str, folder: Path) -> set[str]:
    """The modules that are loaded in a new interpreter after running `code`."""
    program = f"{code}\nimport sys\nprint()\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


SHOW = """
import sys
from cnncalc.cli.main import cli
cli(["show", "alexnet.yaml", *{options}], standalone_mode=False)
"""


@pytest.mark.parametrize("options", [[], ["--format", "json"]], ids=["a table", "JSON"])
def test_show_into_a_pipe_pays_neither_for_numpy_nor_for_colours(options: list[str], tmp_path: Path) -> None:
    modules = loaded_after(SHOW.format(options=options), tmp_path)
    assert "cnncalc.cli.show_command" in modules
    assert modules.isdisjoint({"numpy", "rich"})
    assert "cnncalc.cli.explain_command" not in modules
    assert "cnncalc.drawing" not in modules


def test_the_api_needs_neither_rich_nor_click_nor_numpy(tmp_path: Path) -> None:
    modules = loaded_after("import cnncalc\ncnncalc.analyze('alexnet')._repr_html_()", tmp_path)
    assert "cnncalc.render.html" in modules
    assert modules.isdisjoint({"rich", "click", "numpy", "cnncalc.cli"})


def test_the_live_page_needs_no_more_than_a_browser_has(tmp_path: Path) -> None:
    code = "from cnncalc.live.answers import Desk\ndesk = Desk()\n" + "".join(
        f"assert 'error' not in desk.answer({request})\n"
        for request in (
            {"ask": "text", "text": "{input: 3x8x8, layers: [{conv: 2, kernel: 3}]}"},
            {"ask": "figure"},
            {"ask": "export", "target": "pytorch"},
            {"ask": "export", "target": "keras"},
        )
    )
    modules = loaded_after(code, tmp_path)
    assert "cnncalc.exporting.keras_code" in modules
    assert modules.isdisjoint({"rich", "click", "numpy", "pygls", "http.server", "cnncalc.cli"})


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(dotted_name(path))
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}
