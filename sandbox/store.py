"""What must survive a restart: keys, certificates, short messages, face checks. One SQLite file."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS added (kind TEXT, key TEXT, data TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS nonce (vendor TEXT, value TEXT, at TEXT NOT NULL, PRIMARY KEY (vendor, value));
CREATE TABLE IF NOT EXISTS sms (
    id INTEGER PRIMARY KEY AUTOINCREMENT, vendor TEXT NOT NULL, phone TEXT NOT NULL, template TEXT NOT NULL,
    params TEXT NOT NULL, text TEXT NOT NULL, links TEXT NOT NULL, reference TEXT NOT NULL,
    message_id TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sms_phone ON sms (phone, id);
CREATE TABLE IF NOT EXISTS face_check (
    ref TEXT PRIMARY KEY, vendor TEXT NOT NULL, order_no TEXT NOT NULL, name TEXT NOT NULL, id_number TEXT NOT NULL,
    return_url TEXT NOT NULL, openid TEXT NOT NULL, extra TEXT NOT NULL, created_at TEXT NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0, result TEXT, record TEXT, decided_at TEXT, UNIQUE (vendor, order_no));
CREATE TABLE IF NOT EXISTS wechat_token (
    token TEXT PRIMARY KEY, issued_at TEXT NOT NULL, expires_at TEXT NOT NULL, forced INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS platform_code (
    code TEXT PRIMARY KEY, platform TEXT NOT NULL, purpose TEXT NOT NULL, person TEXT NOT NULL,
    issued_at TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS consent (
    template TEXT, subject TEXT, remaining INTEGER NOT NULL, PRIMARY KEY (template, subject));
CREATE TABLE IF NOT EXISTS mini_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, platform TEXT NOT NULL, template TEXT NOT NULL, subject TEXT NOT NULL,
    page TEXT NOT NULL, data TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mini_link (
    handle TEXT PRIMARY KEY, path TEXT NOT NULL, query TEXT NOT NULL, expires_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS oidc_key (
    kid TEXT PRIMARY KEY, provider TEXT NOT NULL, pem TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS oidc_code (
    code TEXT PRIMARY KEY, provider TEXT NOT NULL, person TEXT NOT NULL, redirect_uri TEXT NOT NULL,
    nonce TEXT NOT NULL, challenge TEXT NOT NULL, issued_at TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS oidc_token (
    token TEXT PRIMARY KEY, provider TEXT NOT NULL, person TEXT NOT NULL, issued_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS certificate (
    serial TEXT PRIMARY KEY, issuer TEXT NOT NULL, label TEXT NOT NULL, subject TEXT NOT NULL, der BLOB NOT NULL,
    issued_at TEXT NOT NULL, revoked_at TEXT);
"""


class Store:
    """A few SQL statements behind one lock; every statement is its own transaction."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")  # must survive kill -9, not a power cut
        self._connection.executescript(_SCHEMA)

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement; return the number of rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """A value that is made once and kept, such as a private key in PEM."""
        row = self.row("SELECT value FROM secret WHERE name = ?", name)
        if row is None:
            self.run("INSERT INTO secret (name, value) VALUES (?, ?)", name, make())
            return self.secret(name, make)
        return str(row["value"])

    def use_nonce(self, vendor: str, value: str, at: str) -> bool:
        """Remember a nonce; False if it was used before."""
        sql = "INSERT INTO nonce (vendor, value, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        return self.run(sql, vendor, value, at) == 1
