"""`match` statements of a source."""

from __future__ import annotations

import ast
from typing import Any

from cnncalc.importing.source.assignments import Assignments
from cnncalc.importing.source.values import Names, Stuck, is_tuple


class Patterns(Assignments):
    """Matches values with patterns."""

    def fits(self, pattern: ast.pattern, value: Any, scope: Names) -> bool:
        """Whether a value fits a pattern; the names in the pattern then get its parts."""
        match pattern:
            case ast.MatchValue():
                return self.compared("Eq", value, self.value(pattern.value, scope), pattern) is True
            case ast.MatchSingleton():
                return value is pattern.value
            case ast.MatchOr():
                return any(self.fits(one, value, scope) for one in pattern.patterns)
            case ast.MatchAs():
                fits = pattern.pattern is None or self.fits(pattern.pattern, value, scope)
                if fits and pattern.name is not None:
                    scope.names[pattern.name] = value
                return fits
            case ast.MatchSequence():
                parts = value if isinstance(value, list) or is_tuple(value) else ()
                pairs = zip(pattern.patterns, parts, strict=False)
                return len(parts) == len(pattern.patterns) and all(self.fits(*pair, scope) for pair in pairs)
        raise Stuck(pattern.lineno, "this pattern is not followed")
