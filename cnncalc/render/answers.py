"""The answers of `solve` as a table and as plain data."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.inverse import Answer, Question, half_window, output_of
from cnncalc.analysis.usual import Found
from cnncalc.notation import several
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header

SETTINGS = ("input", "kernel", "stride", "padding", "dilation", "output_padding")
HEADERS = {
    **{name: Header(name, name, "right") for name in SETTINGS},
    "exact": Header("exact", "exact"),
    "lost": Header("lost", "what is lost", priority=1, folds=True),
}


def answers_document(found: Found, listed: tuple[Answer, ...], limit: int | None) -> Document:
    """The first of some of the answers that were found; all of these if there is no limit."""
    shown = listed[:limit]
    notes = (_count(shown, listed, found.answers), *_pool_note(found.question, shown))
    return Document(
        blocks=lambda: [answers_grid(found.question, shown, notes)],
        data=lambda: _data(found.question, shown, len(found.answers) - len(shown)),
    )


def answers_grid(question: Question, answers: tuple[Answer, ...], notes: tuple[str, ...]) -> Grid:
    """Answers as a table: the settings that were looked for, then the lost values."""
    names = _columns(question)
    heads = [HEADERS[name] for name in names]
    if question.transposed:
        heads[-1] = heads[-1]._replace(title="remark")
    return Grid(
        title=question_text(question),
        headers=tuple(heads),
        rows=tuple(tuple(_cells(answer)[name] for name in names) for answer in answers),
        notes=notes,
    )


def _columns(question: Question) -> list[str]:
    """The columns that say something: not the input if it is given, not the settings if it is not."""
    left_out = {"input"} if question.size is not None else {"kernel", "stride", "output_padding"}
    if question.size is None and isinstance(question.padding, tuple):
        left_out.add("padding")
    if question.dilation == 1 or question.size is None:
        left_out.add("dilation")
    if not question.transposed:
        left_out.add("output_padding")
    return [name for name in HEADERS if name not in left_out]


def _cells(answer: Answer) -> dict[str, Cell]:
    return {
        "input": answer.size,
        "kernel": answer.kernel,
        "stride": answer.stride,
        "padding": pair_text(answer.before, answer.after),
        "dilation": answer.dilation,
        "output_padding": answer.output_padding,
        "exact": "exact" if answer.exact else "",
        "lost": answer.lost,
    }


def pair_text(before: int, after: int) -> str:
    """A padding on one axis: `2`, or `1+2` for 1 before and 2 after."""
    return str(before) if before == after else f"{before}+{after}"


def question_text(question: Question) -> str:
    """The question in words: `conv or pool on one axis: 224 → 55`."""
    layer = "conv or pool" if question.rounding == "floor" else "pool"
    layer = "transposed convolution" if question.transposed else layer
    size = "?" if question.size is None else str(question.size)
    fixed = {"kernel": question.kernel, "stride": question.stride, "padding": question.padding}
    words = [f"{name} {pair_text(*v) if isinstance(v, tuple) else v}" for name, v in fixed.items() if v is not None]
    words += [f"dilation {question.dilation}"] if question.dilation > 1 else []
    words += [f"rounding {question.rounding}"] if question.rounding != "floor" else []
    return ", ".join((f"{layer} on one axis: {size} → {question.output}", *words))


def _data(question: Question, answers: tuple[Answer, ...], more: int) -> dict[str, Any]:
    """Answers as plain data, with the number of those not listed."""
    return {
        "input": question.size,
        "output": question.output,
        "layer": "deconv" if question.transposed else "conv",
        "rounding": question.rounding,
        "answers": [
            {
                "input": answer.size,
                "kernel": answer.kernel,
                "stride": answer.stride,
                "padding": [answer.before, answer.after],
                "dilation": answer.dilation,
                **({"output_padding": answer.output_padding} if question.transposed else {}),
                "exact": answer.exact,
                "remainder": answer.remainder,
                "lost": answer.lost,
            }
            for answer in answers
        ],
        "more": more,
    }


def _count(shown: tuple[Answer, ...], listed: tuple[Answer, ...], found: tuple[Answer, ...]) -> str:
    """The note on the number of answers besides those shown."""
    if len(shown) == len(found):
        return several(len(found), "answer")
    more = "--all lists every one" if len(shown) == len(listed) else "--limit lists more, --all every one"
    return f"{len(shown)} of {len(found)} answers, the usual ones first; {more}"


def _pool_note(question: Question, shown: tuple[Answer, ...]) -> tuple[str, ...]:
    """The note on answers that are only possible for a convolution."""
    wide = any(max(a.before, a.after) > half_window(a.dilation, a.kernel) for a in shown)
    return ("a pool takes at most half its kernel as padding",) if wide and not question.transposed else ()


def none_text(question: Question, exact: bool) -> str:
    """The sentence that says why there is no answer, and what to do."""
    asked = question_text(question)
    wanted = "exact answer" if exact else "answer"
    settings = (question.size, question.kernel, question.stride, question.padding)
    if all(value is not None for value in settings):
        size, kernel, stride, padding = settings
        output = output_of(question, (size, kernel, stride, padding, question.output_padding or 0))  # type: ignore[arg-type]
        gives = "the window does not fit" if output is None else f"these settings give {output}"
        return f"no {wanted} for {asked}: {gives}"
    if question.size is None:
        return f"no {wanted} for {asked}: no input gives this output; leave out --stride or --padding, or give --input"
    limits = [f"kernel up to {question.max_kernel}"] if question.kernel is None else []
    limits += [f"stride up to {question.max_stride}"] if question.stride is None else []
    if question.padding is None:
        most = "the kernel minus 1" if question.max_padding is None else question.max_padding
        limits.append(f"padding up to {most}")
    options = "--" + ", --".join(f"max-{limit.split()[0]}" for limit in limits)
    larger = question.output > question.size and not question.transposed
    hint = "; --deconv is for outputs larger than the input" if larger else f"; look further with {options}"
    return f"no {wanted} for {asked}, with {', '.join(limits)}{hint}"
