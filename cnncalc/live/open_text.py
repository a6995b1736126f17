"""The text that a page has open, with places as the page counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.check.baseline import Baseline
from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.places import TextChange, TextPlace, TextRange
from cnncalc.editing.positions import ClientPositions
from cnncalc.live.requests import Answer, Request, RequestError, map_in, number_in


class OpenText(NamedTuple):
    """One state of the text.

    Attributes:
        edited: the text with its figures.
        positions: converts between its places and those of the page.
        baseline: the findings that are accepted; None if the project has none.
    """

    edited: EditedText
    positions: ClientPositions
    baseline: Baseline | None = None

    @property
    def report(self) -> Report:
        """The figures of the text; while it is broken the last good ones.

        Raises:
            RequestError: there never were any.
        """
        if self.edited.good is None or self.edited.good.report is None:
            raise RequestError("the text has no figures yet; fix its problems first")
        return self.edited.good.report

    def place(self, request: Request, key: str = "position") -> TextPlace:
        """The place that a request is about."""
        position = map_in(request, key)
        return self.positions.from_client(number_in(position, "line"), number_in(position, "character"))

    def asked_range(self, request: Request) -> TextRange:
        """The part of the text that a request is about."""
        range_ = map_in(request, "range")
        return TextRange(self.place(range_, "start"), self.place(range_, "end"))

    def line(self, line: int | None) -> int | None:
        """One of our lines as the page counts it; None for one that the text does not have."""
        return None if line is None else self.positions.to_client(TextPlace(line, 0)).line

    def shown_place(self, place: TextPlace) -> Answer:
        """A place for the page."""
        return self.positions.to_client(place)._asdict()

    def range(self, range_: TextRange) -> Answer:
        """A part of the text for the page."""
        return {"start": self.shown_place(range_.start), "end": self.shown_place(range_.stop)}

    def changes(self, changes: Iterable[TextChange]) -> list[Answer]:
        """Changes of the text for the page to make."""
        return [{"range": self.range(change.range), "text": change.text} for change in changes]
