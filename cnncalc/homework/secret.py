"""The secret of a class: without it nobody can make the key of a worksheet from the seed that is printed on it."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import NamedTuple

from cnncalc.errors import OverrideError, printable
from cnncalc.files import read_regular

LEAST_BYTES = 16
MOST_BYTES = 100_000

LETTERS = str.maketrans("0123456789", "ghijklmnop")

HOW_TO_MAKE = 'python -c "import secrets; print(secrets.token_hex(32))" > {}'


class Secret(NamedTuple):
    """A secret.

    Attributes:
        content: its bytes.
    """

    content: bytes

    def drawn(self, text: str) -> str:
        """A text that depends on the given one, and cannot be made without the secret."""
        return hmac.new(self.content, text.encode(), sha256).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Letters on a sheet that identify the secret; spreadsheets do not change letters."""
        return self.drawn("fingerprint")[:8].translate(LETTERS)


def read_secret(path: str) -> Secret:
    """The secret in a file; blanks and line ends around it do not count, since editors and mails add them.

    Raises:
        OverrideError: there is no such file, or it is too short, too long or not a regular file.
    """
    name = printable(path)
    keep = f"make one with: {HOW_TO_MAKE.format(name)}"
    try:
        content = read_regular(path, MOST_BYTES).removeprefix(b"\xef\xbb\xbf").strip()
    except FileNotFoundError:
        raise OverrideError(f"there is no file {name}; {keep}") from None
    except OSError as error:
        raise OverrideError(f"{name} cannot be read: {error.strerror or error}") from None
    if len(content) < LEAST_BYTES:
        raise OverrideError(f"{name} has {len(content)} bytes, which can be guessed; at least {LEAST_BYTES}: {keep}")
    return Secret(content)
