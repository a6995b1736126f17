"""Answers of `editing` as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from cnncalc.check.findings import Finding, Severity
from cnncalc.check.results import Located
from cnncalc.editing.actions import Action
from cnncalc.editing.completion import Completion
from cnncalc.editing.completion import Sort as Completed
from cnncalc.editing.hints import Hint
from cnncalc.editing.hover import Hover
from cnncalc.editing.lens import Lens
from cnncalc.editing.names import Sort
from cnncalc.editing.places import TextChange, TextPlace, TextRange
from cnncalc.editing.positions import ClientPositions
from cnncalc.editing.symbols import OutlineEntry

SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}

UNUSED = ("unused-definition", "unused-layer", "unused-ignore")
"""The rules about what an editor shows in grey."""

COMPLETED: dict[Completed, types.CompletionItemKind] = {
    "kind": types.CompletionItemKind.Class,
    "parameter": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "block": types.CompletionItemKind.Function,
    "variable": types.CompletionItemKind.Variable,
    "layer": types.CompletionItemKind.Reference,
    "key": types.CompletionItemKind.Keyword,
}

OUTLINED: dict[Sort, types.SymbolKind] = {
    "block": types.SymbolKind.Function,
    "parameter": types.SymbolKind.Variable,
    "variable": types.SymbolKind.Variable,
    "layer": types.SymbolKind.Field,
    "input": types.SymbolKind.Interface,
}

ACTIONS = {"fix": types.CodeActionKind.QuickFix, "rewrite": types.CodeActionKind.RefactorRewrite}


class Conversion:
    """Makes values of the protocol.

    Args:
        positions: of the text that the answers are about.
        address: its name for the client.
    """

    def __init__(self, positions: ClientPositions, address: str) -> None:
        self._positions = positions
        self._address = address

    def range(self, range_: TextRange) -> types.Range:
        """A part of the text."""
        return types.Range(*(types.Position(*self._positions.to_client(place)) for place in range_))

    def line(self, line: int) -> int:
        """A line as the client counts it."""
        return self._positions.to_client(TextPlace(line, 0)).line

    def location(self, range_: TextRange) -> types.Location:
        """A part of the text, with its address."""
        return types.Location(self._address, self.range(range_))

    def diagnostic(self, located: Located) -> types.Diagnostic:
        """A finding."""
        finding, end = located.finding, located.end_column
        line = finding.line - 1
        range_ = self.range(TextRange(TextPlace(line, finding.column - 1), TextPlace(line, end - 1)))
        tags = [types.DiagnosticTag.Unnecessary] if finding.rule in UNUSED else None
        return types.Diagnostic(
            range_, finding.message, SEVERITIES[finding.severity], finding.rule, source="cnncalc", tags=tags
        )

    def hint(self, hint: Hint) -> types.InlayHint:
        """Figures at the end of a line."""
        place = types.Position(*self._positions.end_of_line(hint.line))
        return types.InlayHint(place, hint.label, tooltip=markdown(hint.tooltip), padding_left=True)

    def hover(self, hover: Hover) -> types.Hover:
        """The explanation of a word."""
        return types.Hover(markdown(hover.text), self.range(hover.range))

    def edit(self, change: TextChange) -> types.TextEdit:
        """A change of the text."""
        return types.TextEdit(self.range(change.range), change.text)

    def edits(self, changes: Iterable[TextChange]) -> types.WorkspaceEdit:
        """Changes of the text that the client is to make."""
        return types.WorkspaceEdit({self._address: [self.edit(change) for change in changes]})

    def action(self, action: Action, found: Iterable[tuple[Finding, types.Diagnostic]]) -> types.CodeAction:
        """An action; `found` are the findings in the form that the client has."""
        of = [diagnostic for finding, diagnostic in found if finding is action.finding]
        return types.CodeAction(action.title, ACTIONS[action.sort], of or None, edit=self.edits(action.changes))

    def symbol(self, entry: OutlineEntry) -> types.DocumentSymbol:
        """An entry of the outline."""
        inside = [self.symbol(one) for one in entry.inside]
        sort, whole, word = OUTLINED[entry.sort], self.range(entry.range), self.range(entry.word)
        return types.DocumentSymbol(entry.name, sort, whole, word, entry.detail, children=inside)

    def lens(self, lens: Lens) -> types.CodeLens:
        """The totals above a line."""
        place = types.Position(*self._positions.to_client(TextPlace(lens.line, 0)))
        return types.CodeLens(types.Range(place, place), types.Command(lens.text, ""))


def completion(number: int, word: Completion) -> types.CompletionItem:
    """A word that can be written; the number keeps it in its place."""
    return types.CompletionItem(
        word.label,
        kind=COMPLETED[word.sort],
        detail=word.detail or None,
        documentation=markdown(f"```text\n{word.doc}\n```") if word.doc else None,
        sort_text=f"{number:04}",
        insert_text=word.text or word.label,
    )


def markdown(text: str) -> types.MarkupContent:
    """A text for people."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)
