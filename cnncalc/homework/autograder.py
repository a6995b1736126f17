"""Gradescope's autograder: a zip that has all it needs, cnncalc and its libraries too, and asks no package index.

Source: Gradescope's autograder specification. The zip is unpacked into /autograder/source, setup.sh runs once, and
run_autograder for each submission; it is to write /autograder/results/results.json.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator, Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cnncalc.errors import OverrideError
from cnncalc.packing import library_files, own_files

LIBRARIES = ("click", "rich", "PyYAML", "openpyxl", "et_xmlfile")
"""Packages that `grade` imports; their compiled parts are left out, because each works without them."""

NOT_MARKING = ("cnncalc/live", "cnncalc/serving", "cnncalc/site")
"""Folders of cnncalc that no autograder needs: the live page, with an editor of its own."""

OPTIONAL = ("openpyxl", "et_xmlfile")
"""Packages that only workbooks need."""

SETUP = """\
#!/usr/bin/env bash
# Finds a Python that can run what is in lib/. Only in Gradescope's own image one is installed if there is none.
set -euo pipefail
source="$(cd "$(dirname "$0")" && pwd)"

find_python() {
  for version in 3 3.14 3.13 3.12 3.11; do
    if PYTHONPATH="$source/lib" "python$version" -P -m cnncalc grade --mistakes > /dev/null; then
      command -v "python$version" > "$source/python"
      return
    fi
  done
  return 1
}

if find_python; then exit; fi
if [ "$source" != /autograder/source ]; then
  echo "no Python from 3.11 on; nothing is installed outside of Gradescope's image" >&2
  exit 1
fi
apt-get install -y python3.12 || apt-get install -y python3.11
find_python
"""

RUN = """\
#!/usr/bin/env bash
# Marks the sheet in submission/ and writes results/results.json. AUTOGRADER names another folder than Gradescope's.
root="${AUTOGRADER:-/autograder}"
export PYTHONPATH="$root/source/lib" PYTHONUTF8=1
python="$(cat "$root/source/python" 2> /dev/null || echo python3)"
results="$root/results/results.json"
mkdir -p "$root/results" && cd "$root" || exit 1
"$python" -P -m cnncalc grade submission OPTIONS --format gradescope > "$results" 2> "$root/results/said"
cat "$root/results/said"
if [ ! -s "$results" ]; then
  "$python" -c 'import json, sys; why = sys.stdin.read().rpartition("Error: ")[2]; print(json.dumps({"score": 0.0,
    "output": "Nothing was marked: hand in one sheet.\\n" + why}))' < "$root/results/said" > "$results"
fi
"""


def autograder_zip(options: Sequence[str], files: Mapping[str, bytes]) -> bytes:
    """The zip of an autograder.

    Args:
        options: of `grade`; a file among them is `source/inputs/NAME`.
        files: the files of `inputs`, by their names.

    Raises:
        OverrideError: a library is not found.
    """
    members = {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.replace("OPTIONS", shlex.join(options)).encode(),
        **{f"inputs/{name}": content for name, content in files.items()},
        **{f"lib/{name}": content for name, content in _libraries()},
    }
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name in sorted(members):
            info = ZipInfo(name)  # dated 1980, so that the same inputs give the same bytes
            info.compress_type = ZIP_DEFLATED
            info.external_attr = (0o100755 if "/" not in name else 0o100644) << 16
            archive.writestr(info, members[name])
    return written.getvalue()


def _libraries() -> Iterator[tuple[str, bytes]]:
    """The files of cnncalc and of what `grade` imports, by their names in a folder of libraries."""
    yield from own_files(NOT_MARKING)
    for library in LIBRARIES:
        try:
            yield from library_files(library)
        except OverrideError:
            if library not in OPTIONAL:
                raise
