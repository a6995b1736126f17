"""The built file of CodeMirror is what its script builds, and brings the licences of all that is in it."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

import cnncalc

PAGE = Path(cnncalc.__file__).parent / "live" / "page"
BUILT = PAGE / "codemirror.js"


def test_the_built_file_has_the_recorded_hash() -> None:
    content = BUILT.read_bytes()
    assert (PAGE / "codemirror.sha256").read_text() == f"{sha256(content).hexdigest()}  codemirror.js\n"
    assert len(content) < 500_000


def test_every_package_has_its_version_and_licence() -> None:
    packages = (PAGE / "codemirror.packages").read_text().split()
    named = [package.rpartition("@") for package in packages if not package.startswith("esbuild@")]
    parts = [part.split("\n", 1) for part in (PAGE / "codemirror.LICENSE").read_text().strip("-\n").split("\n----\n\n")]
    assert [head for head, _ in parts] == [f"{name} {version}" for name, _, version in named]
    assert all("Permission is hereby granted, free of charge" in text for _, text in parts)


@pytest.mark.slow
def test_the_script_builds_the_same_file(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("there is no npm on this machine")
    done = subprocess.run(["sh", PAGE / "codemirror.sh", tmp_path], check=False, capture_output=True, text=True)
    if "network" in done.stderr or "ENOTFOUND" in done.stderr:
        pytest.skip("npm's packages cannot be had")
    assert done.returncode == 0, done.stderr
    for name in ("codemirror.js", "codemirror.sha256", "codemirror.LICENSE"):
        assert (tmp_path / name).read_bytes() == (PAGE / name).read_bytes()
