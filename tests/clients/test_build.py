"""The committed client belongs to its sources, asks no other host, and its lock names no registry."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC, CLIENT = ROOT / "h5_static", ROOT / "clients" / "worker"


def run_check(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(root / "tools" / "client"), "--check"], capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What `tools/client --check` reads, in a place where it may be spoiled."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "client", tmp_path / "tools")
    shutil.copytree(STATIC, tmp_path / "h5_static")
    skipped = shutil.ignore_patterns("node_modules", "dist", ".node")
    shutil.copytree(CLIENT, tmp_path / "clients" / "worker", ignore=skipped)
    return tmp_path


def test_committed_build_belongs_to_its_sources() -> None:
    done = run_check(ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("clients/worker/src/core/ink.ts", "source"),
        ("clients/worker/package-lock.json", "lock"),
        ("h5_static/index.html", "output"),
    ],
)
def test_check_names_what_is_stale(copy: Path, file: str, stale: str) -> None:
    with (copy / file).open("a") as opened:
        opened.write("\n")
    done = run_check(copy)
    assert done.returncode == 1
    assert f"({stale})" in done.stderr


def test_check_notices_a_forgotten_file(copy: Path) -> None:
    (copy / "h5_static" / "assets" / "left-over.js").write_text("")
    assert "(output)" in run_check(copy).stderr


def test_nothing_names_another_host_or_a_source_map() -> None:
    for file in STATIC.rglob("*"):
        assert file.suffix != ".map"
        if file.suffix in (".js", ".css", ".html"):
            text = re.sub(r"https?://(?:www\.w3\.org|vuejs\.org/error-reference)", "", file.read_text("utf-8"))
            assert not re.search(r"https?://|sourceMappingURL|\beval\(|new Function\(", text), file.name


def test_lock_names_no_registry() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text())
    assert lock["lockfileVersion"] >= 3
    packages = [package for path, package in lock["packages"].items() if path]
    assert all("resolved" not in package and "integrity" in package for package in packages)


def test_versions_are_exact() -> None:
    package = json.loads((CLIENT / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert not [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+(-\d+)?", version)]


def test_tool_is_executable() -> None:
    assert os.access(ROOT / "tools" / "client", os.X_OK)
