"""Both mini-programs build from these sources, pass their gates, and sign a contract under a fake platform (M2, M3).

The same run of the tool checks the types of the console's modules.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.wire import BASE, Wire

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "clients" / "worker"
IN_WEIXIN, IN_ALIPAY = CLIENT / "dist" / "build" / "mp-weixin", CLIENT / "dist" / "build" / "mp-alipay"
SPOILED = {
    "weixin": [
        ("app.js", "\neval('1')", "eval"),
        ("app.wxss", ".a{background:url(https://cdn.example.com/a.png)}", "style from another host"),
        ("ui/GyButton.wxss", ".a[b]{color:red}", "selector .a[b]"),
        ("pages/login/index.wxml", '<div onTap="x"/>', "unknown <div>"),
    ],
    "alipay": [
        ("pages/login/index.axml", '<view bindtap="x"/>', "bindtap belongs to another platform"),
        ("state/lazy.js", "\nasync()=>(await'../locales/en.js').default", "a lost import()"),
    ],
}

pytestmark = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="needs Node.js 20 and npm")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """By the tool, with all its gates. It builds only what changed since it passed."""
    command = [sys.executable, str(ROOT / "tools" / "client"), "--mini"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == os.EX_TEMPFAIL:
        pytest.skip("npm's packages cannot be fetched here")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_a_contract_is_signed_in_the_built_package(wire: Wire, platform: str) -> None:
    """The story left what it told its server, and what it was told: the real API would have said the same."""
    story = json.loads((CLIENT / "dist" / f"exchanges-{platform}.json").read_text(encoding="utf-8"))
    done = [f"{one['method']} {one['path'].rsplit('/', 1)[1]}" for one in story]
    for step in ("preview", "login", "verifications", "confirmation", "signature", "subscriptions", "bindings"):
        assert f"POST {step}" in done
    wire.drift.clear()
    for one in story:
        path = one["path"].removeprefix(BASE).split("?")[0]
        wire.check(one["method"], path, one["body"], one["status"], one["answer"])
    assert wire.drift == []


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_gates_find_what_they_are_for(tmp_path: Path, platform: str) -> None:
    copy = tmp_path / f"mp-{platform}"
    shutil.copytree(CLIENT / "dist" / "build" / f"mp-{platform}", copy)
    for file, spoil, _ in SPOILED[platform]:
        with (copy / file).open("a", encoding="utf-8") as opened:
            opened.write(spoil)
    command = ["node", "test/check-mini.mjs", str(copy)]
    done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for _, _, finding in SPOILED[platform]:
        assert finding in done.stderr


def test_packages_hold_every_page_and_no_app_id() -> None:
    for folder in (IN_WEIXIN, IN_ALIPAY):
        assert (folder / "pages" / "sign" / "index.js").is_file()
    assert '"touristappid"' in (IN_WEIXIN / "project.config.json").read_text(encoding="utf-8")
