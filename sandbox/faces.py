"""Face checks of all vendors: the person in front of the camera, whom a developer plays, once and in time.

What a vendor makes of the result (codes, wording, lifetimes) is its own business; who may pass is decided here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from sandbox.clock import Clock
from sandbox.store import Store
from sandbox.world import World

RESULTS = ("pass", "fail", "cancel")


@dataclass(frozen=True, slots=True)
class Camera:
    """A vendor's check. `life`: how long the person may take to begin and end it."""

    vendor: str
    label: str
    life: timedelta


CAMERAS = {
    camera.vendor: camera
    for camera in (
        Camera("alipay", "支付宝", timedelta(hours=23)),
        Camera("tencent-faceid", "腾讯云 E证通", timedelta(seconds=600)),
        Camera("wechat", "微信", timedelta(seconds=3600)),
    )
}


class Faces:
    """The checks that were asked for. `ref`: the vendor's own id of one."""

    def __init__(self, store: Store, clock: Clock, world: World) -> None:
        self._store, self._clock, self._world = store, clock, world

    def add(
        self, vendor: str, ref: str, order_no: str, *, name: str, id_number: str,
        return_url: str = "", openid: str = "", extra: str = "",
    ) -> bool:  # fmt: skip
        """Remember a check that waits; False if this vendor knows the order number already."""
        sql = """INSERT INTO face_check (ref, vendor, order_no, name, id_number, return_url, openid, extra,
            created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
        values = (ref, vendor, order_no, name, id_number, return_url, openid, extra)
        return self._store.run(sql, *values, self._clock.now().isoformat()) == 1

    def find(self, ref: str, vendor: str | None = None) -> Row | None:
        found = self._store.row("SELECT * FROM face_check WHERE ref = ?", ref)
        return found if found and vendor in (None, found["vendor"]) else None

    def begin(self, ref: str) -> None:
        """The person has opened the page."""
        self._store.run("UPDATE face_check SET begun = 1 WHERE ref = ?", ref)

    def decide(self, ref: str, result: str) -> bool:
        """Settle a waiting check, once. False when it is unknown, done, or expired.

        Who is not at the authority under that name and number, or has no picture there, never passes.
        """
        face = self.find(ref)
        if face is None or face["result"] or result not in RESULTS or self.expired(face):
            return False
        person = self._world.find_person(face["name"], face["id_number"])
        record = "ok" if person and person.face_record else "no_picture" if person else "no_person"
        if result == "pass" and record != "ok":
            result = "fail"
        sql = "UPDATE face_check SET result = ?, record = ?, decided_at = ? WHERE ref = ? AND result IS NULL"
        return self._store.run(sql, result, record, self._clock.now().isoformat(), ref) == 1

    def age(self, face: Row) -> timedelta:
        return self._clock.now() - datetime.fromisoformat(face["created_at"])

    def expired(self, face: Row) -> bool:
        return self.age(face) > CAMERAS[face["vendor"]].life

    def listed(self, limit: int = 100) -> list[dict[str, Any]]:
        """Newest first."""
        rows = self._store.rows("SELECT * FROM face_check ORDER BY rowid DESC LIMIT ?", limit)
        return [{**dict(row), "label": CAMERAS[row["vendor"]].label, "expired": self.expired(row)} for row in rows]
