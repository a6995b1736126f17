"""What a page takes in and gives away: bundled architectures, model files, code, pictures."""

from __future__ import annotations

import binascii
from base64 import b64decode
from os.path import basename, splitext

from cnncalc.drawing.draw import STYLES, draw_report
from cnncalc.errors import ModelChoiceError, printable_lines
from cnncalc.exporting.export import TARGETS, exported
from cnncalc.importing.files import ImportOptions, import_model
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import bundled_names, read_bundled, read_bytes
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, RequestError, number_in, text_in, word_in
from cnncalc.render.columns import visible_rows
from cnncalc.targets import is_spec

MAX_DRAWN = 600
"""Lines of a network that a page still draws while one types."""


def figure(text: OpenText, request: Request) -> Answer:
    """The picture of the network as SVG, or why there is none."""
    report, style = text.report, word_in(request, "style", STYLES, STYLES[0])
    depth = number_in(request, "depth", 1) or None
    count = len(visible_rows(report.network.rows, depth))
    if count > MAX_DRAWN:
        return {"svg": "", "note": f"{count:,} rows are not drawn here; 'cnncalc draw' draws them"}
    if style == "volumes" and report.open_sizes:
        return {"svg": "", "note": f"a picture in this style {report.needs}"}
    return {"svg": printable_lines(draw_report(report, style, depth)), "note": ""}


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
    """What a network can be exported to, and the styles of pictures."""
    return {"targets": list(TARGETS), "styles": list(STYLES)}


def bundled(request: Request) -> Answer:
    """The architectures that come with cnncalc, or the text of one."""
    if "name" in request:
        return {"text": read_bundled(word_in(request, "name", bundled_names())).text}
    return {"architectures": [{"name": name, "title": read_spec(read_bundled(name)).name} for name in bundled_names()]}


def imported(request: Request) -> Answer:
    """What a file is imported as: a spec as it is, a model as a spec."""
    name = basename(text_in(request, "name").replace("\\", "/"))
    try:
        content = b64decode(text_in(request, "data"), validate=True)
    except (binascii.Error, ValueError):
        raise RequestError("'data' is not in base64") from None
    if is_spec(content):
        return {"text": read_bytes(name, content).text, "notes": []}
    try:
        model = import_model(name, content, ImportOptions(model=text_in(request, "model", "")))
    except ModelChoiceError as error:
        return {"error": str(error), "models": list(error.models)}
    return {"text": model.text, "notes": list(model.graph.notes)}
