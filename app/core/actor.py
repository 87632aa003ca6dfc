"""Who is asking: a frozen value made by a channel, passed to every use case."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import NotPermitted


class ActorKind(StrEnum):
    WORKER = "worker"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`account_id` is set for people, `person_id` once verified, `organisation_id` for operators who entered one."""

    kind: ActorKind
    account_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    permissions: frozenset[str] = frozenset()
    session_id: uuid.UUID | None = None
    channel: str = ""
    ip: str = ""
    device: str = ""

    def require(self, permission: str) -> None:
        """First line of a use case that needs a function permission (D2). Raises NotPermitted."""
        if permission not in self.permissions:
            raise NotPermitted(permission=str(permission))

    @property
    def is_worker(self) -> bool:
        return self.kind is ActorKind.WORKER

    @property
    def is_operator(self) -> bool:
        return self.kind is ActorKind.OPERATOR

    @property
    def is_regulator(self) -> bool:
        return self.kind is ActorKind.REGULATOR


SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="runner")
