"""Where an instance lives: its directory, its secrets, its ports, and what its children are told."""

import base64
import fcntl
import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
WEB_PORT = 8000
SANDBOX_PORT = 8701
_PORTS_TRIED = 50


class CannotStart(Exception):
    """Something outside us is in the way. The message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Place:
    """`data` is DATA_DIR (`var/` in the repository unless the environment says otherwise), for its owner only."""

    data: Path

    @classmethod
    def prepare(cls, environment: Mapping[str, str]) -> "Place":
        data = (ROOT / environment.get("DATA_DIR", "var")).absolute()
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / "log").mkdir(exist_ok=True, mode=0o700)
        return cls(data)

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def sandbox(self) -> Path:
        return self.data / "sandbox"

    @property
    def credentials(self) -> Path:
        return self.sandbox / "credentials.json"

    @property
    def record_file(self) -> Path:
        return self.data / "instance.json"

    def lock(self) -> TextIO:
        """Keep the returned file open as long as the instance lives. Raises CannotStart when another one does."""
        held = (self.data / "instance.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held.close()
            url = self.read_record().get("url", LOOPBACK)
            raise CannotStart(
                f"已在运行：{url}（数据目录 {self.data}）\nAlready running at {url} with the data in {self.data}"
            ) from error
        return held

    def read_record(self) -> dict[str, Any]:
        """What runs here: `url`, `sandbox_url`, `pids`. Empty when nothing is ready."""
        try:
            found: dict[str, Any] = json.loads(self.record_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def write_record(self, record: dict[str, Any]) -> None:
        """For `make demo`, tests and the next `make run`. Replaced in one step: readers never see half of it."""
        draft = self.record_file.with_suffix(".new")
        draft.write_text(json.dumps(record, indent=2), encoding="utf-8")
        draft.replace(self.record_file)

    def secrets(self) -> dict[str, str]:
        """This instance's own keys, made at the first start and kept in `dev.env` (0600)."""
        path = self.data / "dev.env"
        if not path.exists():
            keys = {
                "ENCRYPTION_KEYS": f"local:{_random_key()}",
                "INDEX_KEY": _random_key(),
                "SECRET_KEY": _random_key(),
            }
            draft = path.with_suffix(".new")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
                stream.write("# 丢失则无法解密数据 / Without these the data can't be decrypted. Never commit.\n")
                stream.writelines(f"{name}={value}\n" for name, value in keys.items())
            draft.replace(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def listen(environment: Mapping[str, str], variable: str, usual: int) -> socket.socket:
    """A listening socket on the loopback interface: the port that `variable` demands, else the first free one
    from `usual` on. Raises CannotStart when the demanded port is taken."""
    demanded = environment.get(variable, "")
    if demanded and not demanded.isdecimal():
        raise CannotStart(f"{variable} 必须是端口号 / must be a port number: {demanded}")
    ports = [int(demanded)] if demanded else range(usual, usual + _PORTS_TRIED)
    for port in ports:
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((LOOPBACK, port))
            opened.listen(512)
        except (OSError, OverflowError):
            opened.close()
        else:
            return opened
    asked = demanded or f"{usual}–{usual + _PORTS_TRIED - 1}"
    raise CannotStart(
        f"端口 {asked} 已被占用，请用 {variable}=… 另选一个。\nPort {asked} is taken: choose another with {variable}=…"
    )


def child_environment(place: Place, environment: Mapping[str, str], url: str, *, sandbox: bool) -> dict[str, str]:
    """What web and runner are told. Whatever the environment says already stands."""
    defaults = {
        "PUBLIC_URL": url,
        "DATA_DIR": str(place.data),
        "DATABASE_URL": f"sqlite:///{place.data / 'gongyue.db'}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    if environment.get("GONGYUE_ENV") != "production":
        defaults |= place.secrets()  # production has its own, or is refused by name
    if sandbox:
        defaults["SANDBOX_CREDENTIALS"] = str(place.credentials)
    given = {name: value for name, value in environment.items() if value != "" and name != "DATA_DIR"}
    return defaults | given


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
