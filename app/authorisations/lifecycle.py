"""The life of an authorisation letter as one table (decision 0002). Pure: no imports but enum."""

from enum import StrEnum


class Status(StrEnum):
    WAITING = "waiting"
    SEALING = "sealing"  # the representative signed; the signature is being attached; people read 签署中
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"  # signed, but another tenant with the same code was verified first


class Action(StrEnum):
    SIGN = "sign"
    COMPLETE = "complete"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    VOID = "void"


_WAITING = frozenset({Status.WAITING})
_SEALING = frozenset({Status.SEALING})

TRANSITIONS: dict[Action, tuple[frozenset[Status], Status]] = {
    Action.SIGN: (_WAITING, Status.SEALING),
    Action.COMPLETE: (_SEALING, Status.SIGNED),
    Action.VOID: (_SEALING, Status.VOID),
    Action.REFUSE: (_WAITING, Status.REFUSED),
    Action.WITHDRAW: (_WAITING, Status.WITHDRAWN),
    Action.EXPIRE: (_WAITING, Status.EXPIRED),
}
