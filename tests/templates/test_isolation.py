"""The walls around the process that opens uploads: memory, time, files, network, environment, death (T-19)."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.templates import isolation, wire
from app.templates.errors import DocumentRefused, FileDamaged, IntakeBusy
from app.templates.isolation import call_child, python_module, run_restricted, workspace
from app.templates.lockdown import MB, Limits

ROOMY = Limits(memory=512 * MB, cpu=20, wall=20, file=MB)


def run_python(code: str, limits: Limits, folder: Path, answer: BytesIO | None = None) -> int | None:
    """Run `code` in a restricted interpreter."""
    output = folder.parent / "answer"
    command = [*python_module("app.templates.lockdown"), limits.to_json(), sys.executable, "-c", code]
    with output.open("wb") as stream:
        result = run_restricted(command, folder, limits.wall, answer=stream)
    if answer is not None:
        answer.write(output.read_bytes())
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "empty"
    path.mkdir()
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_harmless_code_runs(folder: Path) -> None:
    answer = BytesIO()
    assert run_python("print(6 * 7)", ROOMY, folder, answer) == 0
    assert answer.getvalue() == b"42\n"


def test_memory_is_limited(folder: Path) -> None:
    assert run_python("bytearray(400 * 1024 * 1024)", ROOMY, folder) == 0
    assert run_python("bytearray(600 * 1024 * 1024)", ROOMY, folder) == 1


def test_processor_time_is_limited(folder: Path) -> None:
    limits = Limits(memory=ROOMY.memory, cpu=1, wall=20, file=MB)
    assert run_python("while True: pass", limits, folder) in (-signal.SIGKILL, -signal.SIGXCPU)


def test_time_on_the_clock_is_limited_for_the_whole_family(folder: Path) -> None:
    """Not even a grandchild that left its parent lives on."""
    limits = Limits(memory=ROOMY.memory, cpu=20, wall=2, file=MB)
    code = "import os, time; os.fork() or open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    assert run_python(code, limits, folder) is None
    assert_gone(int((folder / "pid").read_text()))


def assert_gone(process_id: int) -> None:
    """The process has ended, or ends within ten seconds."""
    try:
        descriptor = os.pidfd_open(process_id)
    except ProcessLookupError:
        return
    with os.fdopen(descriptor):
        assert select.select([descriptor], [], [], 10)[0]


def test_files_are_limited(folder: Path) -> None:
    assert run_python("open('x', 'wb').write(bytes(1024 * 1024))", ROOMY, folder) == 0
    assert run_python("open('y', 'wb').write(bytes(2 * 1024 * 1024))", ROOMY, folder) == 1
    assert (folder / "y").stat().st_size <= MB


def may_leave_network() -> bool:
    """What the system's own tool says; an ordinary user in a container or chroot may not."""
    ways = (["unshare", "--net", "true"], ["unshare", "--user", "--net", "true"])
    return any(subprocess.run(way, capture_output=True, check=False).returncode == 0 for way in ways)


def test_network_is_out_of_reach(folder: Path, listener: socket.socket) -> None:
    if not may_leave_network():
        pytest.skip("this kernel gives this user no network namespace: the second wall, below, must do")
    port = listener.getsockname()[1]
    code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
    assert run_python(code, ROOMY, folder) == 1
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "subprocess.run(['true'])",
        "os.fork()",
        "os.system('true')",
        "os.execv('/', ['x'])",
    ],
)
def test_python_code_opens_no_socket_and_starts_no_process(folder: Path, attempt: str) -> None:
    """The second wall, for kernels that forbid the first one."""
    code = "import os, socket, subprocess\nfrom app.templates.lockdown import forbid_side_effects\n"
    code += f"forbid_side_effects()\ntry:\n  {attempt}\nexcept PermissionError:\n  print('refused')"
    answer = BytesIO()
    assert run_python(code, ROOMY, folder, answer) == 0
    assert answer.getvalue() == b"refused\n"


def test_environment_holds_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:password@host/db")  # pragma: allowlist secret
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    answer = BytesIO()
    run_python("import os; print(sorted(os.environ), os.getcwd(), oct(os.umask(0)))", ROOMY, folder, answer)
    assert answer.getvalue().decode().strip() == (
        f"['HOME', 'LANG', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'PYTHONPATH', 'TMPDIR'] {folder} 0o77"
    )


def test_child_dies_with_its_parent() -> None:
    """kill -9 of the web process leaves nobody behind."""
    sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    command = [*python_module("app.templates.lockdown"), ROOMY.to_json(), sys.executable, "-c", sleeper]
    starter = [sys.executable, "-c", f"import subprocess; subprocess.run({command!r})"]
    environment = {"PYTHONPATH": str(Path.cwd()), "PATH": os.defpath}
    with subprocess.Popen(starter, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert_gone(child)


def test_a_crash_is_a_refusal() -> None:
    """The child ends without an answer: here because the operation does not exist."""
    with pytest.raises(FileDamaged):
        call_child("no such operation", b"")


def test_slots_are_bounded_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_WAIT_FOR_SLOT", 0.01)
    with workspace() as first, workspace() as second:
        assert first != second
        assert (first.stat().st_mode & 0o777) == 0o700
        with pytest.raises(IntakeBusy), workspace():
            pytest.fail("a third slot")
    with workspace() as again:
        assert list(again.iterdir()) == []
    assert not first.exists()
    with pytest.raises(DocumentRefused), workspace():
        raise FileDamaged
    with workspace(), workspace():
        pass


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_messages_survive_the_wire(blobs: list[bytes]) -> None:
    head, received = wire.unpack(wire.pack({"name": "𠮷"}, blobs))
    assert head["name"] == "𠮷"
    assert received == blobs


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: f'{{"sizes": [{text}]}}\n'.encode()))
def test_malformed_messages_are_value_errors(data: bytes) -> None:
    try:
        _, blobs = wire.unpack(data)
    except ValueError:
        return
    assert data.endswith(b"".join(blobs))
