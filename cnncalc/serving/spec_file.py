"""The one file that a page edits: nothing else is ever written."""

from __future__ import annotations

import os
import stat
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from cnncalc.errors import SpecError, printable
from cnncalc.files import as_content, read_regular, replace_file
from cnncalc.following import changed, state_of
from cnncalc.language.source import MAX_BYTES, read_bytes
from cnncalc.live.requests import Answer, RequestError
from cnncalc.serving.merging import merge

ABSENT = ""
"""The hash of a file that is not there."""

REMEMBERED = 32
"""The most texts of pages that are kept, so that their changes can be merged with those of others."""


class Content(NamedTuple):
    """The content of the file.

    Attributes:
        text: the text; None if there is no file.
        hash: a text that no other content has.
        bytes: the content itself.
    """

    text: str | None
    hash: str
    bytes: bytes = b""


class SpecFile:
    """A file that may be changed by others, too.

    Args:
        path: the file; it need not be there yet.
        start: the text that a page begins with while there is no file.

    Attributes:
        path: the file.
        name: its name on pages.
    """

    def __init__(self, path: str, start: str = "") -> None:
        self.path = path
        self.name = printable(os.path.basename(path))
        self._start = start
        self._lock = Lock()
        self._seen: dict[str, str] = {}

    def opened(self) -> Answer:
        """The first answer to a page; the note says why the file cannot be written, if it cannot."""
        content, refusal = self._content(), self._refusal()
        text = self._start if content.text is None else content.text
        return {"text": text, "name": self.name, "hash": content.hash, "writable": not refusal, "note": refusal}

    def merged(self, text: str, base: str) -> Answer:
        """A text that was changed in a page, merged with the file if that was changed as well; nothing is written.

        Args:
            text: the text of the page.
            base: the hash of the text that it was made from.
        """
        content = self._content()
        return {"hash": content.hash, **self._together(text, base, content)}

    def save(self, text: str, base: str) -> Answer:
        """Write a text that was made from the content with this hash; changes of others meanwhile stay.

        Raises:
            RequestError: it cannot be written.
        """
        with self._lock:
            content = self._content()
            answer = self._together(text, base, content)
            if "changed" in answer and "merged" not in answer:
                return {"hash": content.hash, **answer}
            return {**answer, **self._write(answer.get("merged", text), content)}

    def awaited(self, hash_: str, seconds: float) -> Answer:
        """Whether the file has another content than this, after so many seconds at most."""
        look = partial(state_of, [self.path])
        seen = look()
        away = not seen and hash_ != ABSENT  # as a file that another program replaces this very moment
        if away or self._content().hash == hash_:
            changed(look, {self.path: ()} if away else seen, seconds)
        found = self._content().hash
        return {"changed": found != hash_, "hash": found}

    def finish(self) -> None:
        """Wait for a save that is under way; there is none after it."""
        self._lock.acquire()

    def _together(self, text: str, base: str, content: Content) -> Answer:
        """The file as others changed it, and both merged if that is possible; empty if they did nothing."""
        if content.hash == base or content.text == text:
            return {}
        before = self._seen.get(base)
        both = merge(before, text, content.text) if before is not None and content.text is not None else None
        return {"changed": content.text} | ({"merged": both} if both is not None else {})

    def _write(self, text: str, before: Content) -> Answer:
        """The hash of the file after a text was written to it, and the properties that it lost."""
        if refusal := self._refusal():
            raise RequestError(refusal)
        try:
            content = as_content(text, before.bytes)
        except UnicodeEncodeError:
            raise RequestError(f"{self.name} cannot be saved: the text has half of a character in it") from None
        if len(content) > MAX_BYTES:
            raise RequestError(f"{self.name} cannot be saved: the text is larger than {MAX_BYTES // 10**6} MB")
        try:
            lost = replace_file(self.path, content, force=before.text is not None)
        except OSError as error:
            raise RequestError(f"{self.name} cannot be saved: {error.strerror or error}") from None
        return {"hash": self._known(text, content).hash, "note": "; ".join(lost)}

    def _content(self) -> Content:
        """The present content of the file.

        Raises:
            RequestError: it is not text.
        """
        try:
            content = read_regular(self.path, MAX_BYTES)
            return self._known(read_bytes(self.name, content).text, content)
        except FileNotFoundError:
            self._remember(ABSENT, self._start)
            return Content(None, ABSENT)
        except OSError as error:
            raise RequestError(f"{self.name} cannot be read: {error.strerror or error}") from None
        except SpecError as error:
            raise RequestError(f"{self.name}: {error.problems[0].message}") from None

    def _known(self, text: str, content: bytes) -> Content:
        found = Content(text, sha256(content).hexdigest(), content)
        self._remember(found.hash, text)
        return found

    def _remember(self, hash_: str, text: str) -> None:
        self._seen.pop(hash_, None)
        self._seen[hash_] = text
        for old in [*self._seen][:-REMEMBERED]:
            self._seen.pop(old, None)

    def _refusal(self) -> str:
        """The reason why the file cannot be written; empty if it can."""
        folder = os.path.dirname(os.path.realpath(self.path))
        if not os.path.isdir(folder):
            return f"{self.name} cannot be saved: its folder is gone"
        if not os.access(folder, os.W_OK):
            return f"{self.name} cannot be saved: its folder is read-only"
        try:
            mode = os.stat(self.path).st_mode
        except OSError:
            return ""
        if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(self.path, os.W_OK):
            return f"{self.name} cannot be saved: it is read-only"
        return ""
