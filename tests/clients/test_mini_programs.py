"""Both mini-programs build from these sources, pass their gates, and sign a contract under a fake platform (M2, M3)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "clients" / "worker"
IN_WEIXIN, IN_ALIPAY = CLIENT / "dist" / "build" / "mp-weixin", CLIENT / "dist" / "build" / "mp-alipay"

pytestmark = [
    pytest.mark.xdist_group("mini_programs"),
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="needs Node.js 20 and npm"),
]


@pytest.fixture(scope="module")
def built() -> str:
    """What the tool said. It builds only what changed since it passed."""
    command = [sys.executable, str(ROOT / "tools" / "client"), "--mini"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == os.EX_TEMPFAIL:
        pytest.skip("npm's packages cannot be fetched here")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def run_node(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["node", *arguments], cwd=CLIENT, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_a_contract_is_signed_in_the_built_package(platform: str) -> None:
    done = run_node(f"test/smoke-{platform}.cjs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "link → login → face → read → confirm → sign → file → messages" in done.stdout


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("platform", "file", "spoil", "finding"),
    [
        ("weixin", "app.js", "\neval('1')", "eval"),
        ("weixin", "app.wxss", ".a{background:url(https://cdn.example.com/a.png)}", "style from another host"),
        ("weixin", "ui/GyButton.wxss", ".a[b]{color:red}", "selector .a[b]"),
        ("weixin", "pages/login/index.wxml", '<div onTap="x"/>', "unknown <div>"),
        ("alipay", "pages/login/index.axml", '<view bindtap="x"/>', "bindtap belongs to another platform"),
        ("alipay", "state/lazy.js", "\nasync()=>(await'../locales/en.js').default", "a lost import()"),
    ],
)
def test_gates_find_what_they_are_for(tmp_path: Path, platform: str, file: str, spoil: str, finding: str) -> None:
    copy = tmp_path / f"mp-{platform}"
    shutil.copytree(CLIENT / "dist" / "build" / f"mp-{platform}", copy)
    with (copy / file).open("a", encoding="utf-8") as opened:
        opened.write(spoil)
    done = run_node("test/check-mini.mjs", str(copy))
    assert done.returncode == 1
    assert finding in done.stderr


@pytest.mark.usefixtures("built")
def test_packages_hold_every_page_and_no_app_id() -> None:
    for folder in (IN_WEIXIN, IN_ALIPAY):
        assert (folder / "pages" / "sign" / "index.js").is_file()
    assert '"touristappid"' in (IN_WEIXIN / "project.config.json").read_text(encoding="utf-8")
