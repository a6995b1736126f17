"""Files on disk: read in bounded size, replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

PACKINGS = (0, 8)
"""How members of archives may be packed: not at all, or by Deflate. Others Python unpacks whole, at any size."""


def read_regular(path: str, most: int) -> bytes:
    """The content of a file, at most so many bytes; a device or a pipe is not waited for.

    Raises:
        OSError: it cannot be read, is not a regular file, or is larger.
    """
    try:
        mode = os.stat(path).st_mode
    except ValueError as error:  # a zero byte, or half a character
        raise OSError(errno.EINVAL, f"no file has such a name, {error}", path) from None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    with open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most / 10**6:g} MB", path)
    return content


def open_member(archive: ZipFile, member: ZipInfo | str) -> IO[bytes]:
    """A member of an archive for reading, of which no more is unpacked than is asked for.

    Raises:
        NotImplementedError: it is packed in another way.
    """
    info = archive.getinfo(member) if isinstance(member, str) else member
    if info.compress_type not in PACKINGS:
        raise NotImplementedError("it is packed in a way that is not read; pack the archive again")
    return archive.open(info)


def replace_file(path: str, content: bytes | Callable[[IO[bytes]], None], *, force: bool = True) -> tuple[str, ...]:
    """Messages about properties of the old file that were lost: its owner, or its other names.

    A reader finds the old content or the new one, never a half, even after a power cut. The mode of the old file
    stays, and a link to it stays a link.

    Args:
        path: the file; it may be there already.
        content: the bytes, or a function that writes them.
        force: whether an existing file may be written over, and a link to nothing followed.

    Raises:
        OSError: it cannot be written, or exists without `force`; the old file is unchanged.
    """
    if not force and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    try:
        return _replace(os.path.realpath(path), content)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), path) from None


def as_content(text: str, old: bytes) -> bytes:
    """A text as the bytes of a file, with the byte-order mark that its old content has."""
    return (BOM_UTF8 if old.startswith(BOM_UTF8) else b"") + text.encode()


def _replace(target: str, content: bytes | Callable[[IO[bytes]], None]) -> tuple[str, ...]:
    descriptor, temporary = tempfile.mkstemp(prefix=".cnncalc-", dir=os.path.dirname(target))
    try:
        with open(descriptor, "wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content)
            file.flush()
            os.fsync(file.fileno())
        lost = _keep(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(target))
    return lost


def _keep(target: str, temporary: str) -> tuple[str, ...]:
    """Messages about properties of a file that its successor does not get, after mode and owner are set."""
    try:
        old = os.stat(target)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        return ()
    lost = [f"the file had {old.st_nlink} names (hard links); the others keep the old text"] if old.st_nlink > 1 else []
    new = os.stat(temporary)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.chown(temporary, old.st_uid, old.st_gid)
        except OSError:
            lost.append("the file has another owner now, since only its owner or root can keep that")
    os.chmod(temporary, stat.S_IMODE(old.st_mode))
    return tuple(lost)


def _sync_folder(folder: str) -> None:
    """Make the new name last; not every system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
