"""Files that a page takes in and gives away: bundled architectures, model files, code, pictures."""

from __future__ import annotations

import binascii
import re
import sys
from base64 import b64decode
from functools import cache
from os.path import basename, splitext

from cnncalc.drawing.draw import STYLES, draw_report
from cnncalc.drawing.step import step_picture
from cnncalc.drawing.svg import svg_text
from cnncalc.errors import MissingExtra, ModelChoiceError, SpecError, printable_lines
from cnncalc.exporting.export import TARGETS, exported
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import bundled_names, read_bundled, read_bytes
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, RequestError, number_in, text_in, word_in
from cnncalc.render.columns import visible_rows
from cnncalc.targets import is_spec

MAX_DRAWN = 600
"""The most rows of a network that a page draws while one types."""

LAYER = "layer"
"""The style that shows one layer, with its arithmetic: the one on the line of the cursor."""


def figure(text: OpenText, request: Request) -> Answer:
    """The picture of the network, or of the layer on a line, as SVG; or the reason why there is none."""
    report, style = text.report, word_in(request, "style", (*STYLES, LAYER), STYLES[0])
    if style in ("volumes", LAYER) and report.open_sizes:
        return _drawn("", f"a picture in this style {report.needs}")
    if style == LAYER:
        return _layer(text, number_in(request, "line", 0))
    count = len(visible_rows(report.network.rows, 1))
    if count > MAX_DRAWN:
        return _drawn("", f"{count:,} rows are not drawn here; 'cnncalc draw' draws them")
    return _drawn(draw_report(report, style))


def _drawn(svg: str, note: str = "") -> Answer:
    return {"svg": printable_lines(svg), "note": note}


def _layer(text: OpenText, line: int) -> Answer:
    """The picture of the first layer on a line; in a block that of the first use."""
    good = text.edited.good
    then = text.edited.then(text.positions.from_client(line, 0).line)
    uses = good.uses.get(then, []) if good is not None and then is not None else []
    layers = text.report.layers[uses[0][0].start : uses[0][0].stop] if uses else ()
    if not layers:
        return _drawn("", "no layer is on the line of the cursor")
    note = f"the first of {len(uses):,} uses" if len(uses) > 1 else ""
    return _drawn(svg_text(step_picture(text.report, layers[0])), note)


def export(text: OpenText, request: Request) -> Answer:
    """The network as the text of another program."""
    to = word_in(request, "target", TARGETS)
    if text.edited.report is None:
        raise RequestError("the text has a mistake; what has none can be exported")
    if text.report.open_sizes:
        raise RequestError(f"code {text.report.needs}; write the sizes of the input")
    made = exported(text.report, to)
    stem = splitext(basename(text.edited.source.file))[0]
    return {"name": f"{stem}{TARGETS[to].suffix}", "text": made.text, "notes": list(made.notes)}


def targets(_: Request) -> Answer:
    """The targets of exports, and the styles of pictures."""
    return {"targets": list(TARGETS), "styles": [*STYLES, LAYER]}


def bundled(request: Request) -> Answer:
    """The architectures that come with cnncalc, or the text of one."""
    if "name" in request:
        return {"text": read_bundled(word_in(request, "name", bundled_names())).text}
    return {"architectures": [{"name": name, "title": title} for name, title in _titles().items()]}


@cache
def _titles() -> dict[str, str]:
    """The title of each bundled architecture."""
    return {name: read_spec(read_bundled(name)).name for name in bundled_names()}


def imported(request: Request) -> Answer:
    """The spec of a file: a spec as it is, a model as its spec.

    Of several models of a source, which the answer names, `model` is one; `input` are sizes that a source does not
    say, as 3x224x224.
    """
    from cnncalc.importing.files import ImportOptions, import_model, is_source  # only then: a page opens sooner
    from cnncalc.importing.source.wanted import sizes_of

    name = basename(text_in(request, "name").replace("\\", "/"))
    try:
        content = b64decode(text_in(request, "data"), validate=True)
    except (binascii.Error, ValueError):
        raise RequestError("'data' is not in base64") from None
    if is_spec(content):
        return {"text": read_bytes(name, content).text, "notes": []}
    options = ImportOptions(model=text_in(request, "model", ""), input=sizes_of(text_in(request, "input", "")))
    try:
        model = import_model(name, content, options)
    except ModelChoiceError as error:
        return {"error": str(error), "models": list(error.models)}
    except MissingExtra as error:
        if not _is_in_browser():
            raise
        need = f"{name} needs the package {error.package}, which is not in this page"
        raise RequestError(f"{need}; 'cnncalc import FILE > net.yaml' reads it") from None
    except SpecError as error:
        return {"error": on_page(str(error)), "source": is_source(content, name) or OPTION in str(error)}
    lines = (on_page(line) if line.startswith("#") else line for line in model.text.split("\n"))
    return {"text": "\n".join(lines), "notes": list(map(on_page, model.graph.notes))}


OPTION = "--input"
"""The option of commands by which a size is given; a page asks for it, or has it in its text."""


def on_page(text: str) -> str:
    """A sentence of an import in the words of a page."""
    text = text.replace(f"give {OPTION} to say another one", "write another one as input:")
    return re.sub(rf"(?<=as ){OPTION} (?=\S*x)", "", text).replace(OPTION, "the size of the input")


def _is_in_browser() -> bool:
    """Whether Python runs in the page itself, as on a site."""
    return sys.platform == "emscripten"
