"""Submissions: files, folders, and the archives of Moodle and Canvas as they are downloaded.

Sources: Moodle's `mod/assign` (folders `Full Name_1234567_assignsubmission_file_`), Canvas's `ContentZipper`
(`lovelaceada_LATE_1001_501_sheet.csv`; the name is that by which Canvas sorts, in small letters without signs).
"""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from cnncalc.errors import SheetError, SpecError
from cnncalc.files import PACKINGS
from cnncalc.homework.marking import Marked
from cnncalc.homework.reading import MAX_BYTES, SUFFIXES, sheet_files
from cnncalc.homework.roster import stem_of
from cnncalc.homework.sheet import Submitter, unreadable

MAX_MEMBERS = 20_000
MAX_UNPACKED = 500_000_000

MOST_LISTED = 20
"""How many members that are not sheets are listed one by one."""

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")

_MOODLE = re.compile(r"(?:^|/)(?P<name>[^/_]+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:[_/]|$)")
_CANVAS = re.compile(r"(?P<name>\w+?)(?P<late>_late)?_(?P<number>\d+)_(?:\d+_.|text\.html|link\.html)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?P<late>late_)?anon_(?P<number>\w+?)_\d+_", re.IGNORECASE)


class Submission(NamedTuple):
    """One file that was handed in.

    Attributes:
        path: where it can be read.
        name: its name in messages: its path, or that of a member in its archive.
        submitter: the student who handed it in, if its name says so.
    """

    path: str
    name: str
    submitter: Submitter | None


class HandedIn(NamedTuple):
    """All submissions.

    Attributes:
        submissions: the files that may be sheets.
        refused: archives that cannot be read, and members that may do harm, each with its reason.
        left_out: the members that are not sheets.
    """

    submissions: tuple[Submission, ...]
    refused: tuple[SheetError, ...] = ()
    left_out: tuple[str, ...] = ()


def handed_in(paths: tuple[str, ...], folder: Callable[[], str]) -> HandedIn:
    """The submissions at some paths; members of archives are written under names of their own.

    Args:
        paths: of files, folders and archives.
        folder: gives the one for members, once there is an archive.
    """
    submissions: list[Submission] = []
    refused: list[SheetError] = []
    left_out: list[str] = []
    for path in paths:
        if not path.lower().endswith(".zip") or not os.path.isfile(path):
            submissions += _files(path)
            continue
        try:
            with ZipFile(path) as archive:
                found = _Members(path, archive, os.path.join(folder(), str(len(submissions)))).read()
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            refused.append(unreadable(path, f"is not an archive that can be read: {error}"[:200]))
            continue
        except SheetError as error:
            refused.append(error)
            continue
        submissions += found.submissions
        refused += found.refused
        left_out += found.left_out
    once = {os.path.realpath(one.path): one for one in reversed(submissions)}
    return HandedIn(tuple(once.values())[::-1], tuple(refused), tuple(left_out))


def _files(path: str) -> list[Submission]:
    """The sheets of a file or folder; of an archive that was unpacked, all names are those of its platform."""
    files = sheet_files((path,))
    is_canvas = os.path.isdir(path) and all(_canvas_name(file) for file in files)
    return [Submission(file, file, submitter_of(file) if is_canvas or _MOODLE.search(file) else None) for file in files]


def submitter_of(path: str) -> Submitter | None:
    """The student who handed in a file, by the names that Moodle and Canvas give folders and files."""
    path = path.replace("\\", "/")
    if match := _MOODLE.search(path):
        return Submitter(_name(match["name"]), f"Participant {match['number']}")
    match = _canvas_name(path)
    if match is None:
        return None
    return Submitter(match.groupdict().get("name", ""), match["number"], match["late"] is not None)


def folders_of_student(path: str) -> int:
    """The number of folders above a file that are its student's own, as in Moodle's archives; 0 elsewhere."""
    match = _MOODLE.search(path.replace("\\", "/"))
    return path[match.start("name") :].replace("\\", "/").count("/") if match else 0


def _canvas_name(path: str) -> re.Match[str] | None:
    base = path.replace("\\", "/").rsplit("/", 1)[-1]
    return _HIDDEN.match(base) or _CANVAS.match(base)


def _name(written: str) -> str:
    """The name of a folder; `Participant` is what Moodle writes for a name that is hidden."""
    return "" if written.casefold().startswith(("participant", "teilnehmer")) else written


class _Members:
    """The members of one archive."""

    def __init__(self, file: str, archive: ZipFile, folder: str) -> None:
        self._file = file
        self._archive = archive
        self._folder = folder
        self._room = MAX_UNPACKED
        self._seen: set[str] = set()

    def read(self) -> HandedIn:
        """Write the members that may be sheets.

        Raises:
            SheetError: there are too many, or they are too large together.
        """
        members = [member for member in self._archive.infolist() if not _is_rubbish(member)]
        if len(members) > MAX_MEMBERS:
            raise unreadable(self._file, f"{len(members):,} files; at most {MAX_MEMBERS:,} are read")
        submissions, refused, left_out = [], [], []
        for number, member in enumerate(members):
            name = f"{self._file}/{member.filename}"
            if reason := self._refusal(member):
                refused.append(unreadable(name, f"left out: {reason}"))
            elif not member.filename.lower().endswith(SUFFIXES):
                left_out.append(name)
            else:
                try:
                    path = self._written(member, number)
                except SheetError as error:
                    refused.append(error)
                else:
                    submissions.append(Submission(path, name, submitter_of(member.filename)))
        return HandedIn(tuple(submissions), tuple(refused), tuple(left_out))

    def _refusal(self, member: ZipInfo) -> str:
        """The reason why a member is not read; empty if it is read."""
        name = member.filename.replace("\\", "/")
        mode = member.external_attr >> 16
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            return "its name leads out of the archive"
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return "it is a link or a device, not a file"
        if member.flag_bits & 1:
            return "it is encrypted; unpack the archive with its password"
        if name.lower().endswith(ARCHIVES):
            return "it is an archive in the archive; unpack it"
        if member.compress_type not in PACKINGS:
            return "it is packed in a way that is not read; pack the archive again"
        if name.casefold() in self._seen:
            return "a file of the same name is there already"
        self._seen.add(name.casefold())
        return ""

    def _written(self, member: ZipInfo, number: int) -> str:
        """The path of a copy of a member, in a folder of its own; its real size counts, not the stated one.

        Raises:
            SheetError: it is damaged or too large, or the archive is.
        """
        name = f"{self._file}/{member.filename}"
        try:
            with self._archive.open(member) as stream:
                content = stream.read(MAX_BYTES + 1)
        except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error) as error:
            raise unreadable(name, f"left out: it cannot be unpacked: {error}"[:200]) from None
        if len(content) > MAX_BYTES:
            raise unreadable(name, f"left out: it is larger than {MAX_BYTES // 10**6} MB; a sheet is a few kB")
        self._room -= len(content)
        if self._room < 0:
            raise unreadable(name, f"left out: the archive holds more than {MAX_UNPACKED // 10**6} MB")
        folder = os.path.join(self._folder, str(number))
        os.makedirs(folder)
        suffix = os.path.splitext(member.filename)[1].lower()
        stem = re.sub(r"[^\w-]+", "_", stem_of(member.filename))[:60] or "sheet"
        path = os.path.join(folder, stem + suffix)
        with open(path, "wb") as file:
            file.write(content)
        return path


def _is_rubbish(member: ZipInfo) -> bool:
    """Whether a member is a folder, or a file that macOS and office programs leave."""
    parts = [part for part in member.filename.replace("\\", "/").split("/") if part]
    return member.is_dir() or not parts or parts[0] == "__MACOSX" or (parts[-1] != ".." and parts[-1][0] in ".~")


def about_left_out(names: tuple[str, ...]) -> Iterator[str]:
    """A line for each member that is not a sheet, or for the first of very many; and the suffixes of sheets."""
    for name in names[:MOST_LISTED]:
        yield f"{name}: left out; by its name it is not a sheet"
    if len(names) > MOST_LISTED:
        yield f"{len(names) - MOST_LISTED:,} more files are not sheets by their names"
    if names:
        yield f"sheets end in {', '.join(SUFFIXES)}"


def renamed(error: SpecError, one: Submission) -> SpecError:
    """The same error, about the file by the name that a user knows."""
    return error if error.file != one.path else SpecError(one.name, error.problems, error.text)


def submitted(marked: Marked, one: Submission) -> Marked:
    """The marked sheet with the name that a user knows, and with the student who handed it in."""
    file = one.name if marked.sheet.file == one.path else marked.sheet.file
    return marked._replace(sheet=marked.sheet._replace(file=file, submitter=one.submitter))
