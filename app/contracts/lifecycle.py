"""The life of a contract as one table (decision 0002). Pure: no imports but enum."""

from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    CONFIRMING = "confirming"
    SIGNING = "signing"
    SEALING = "sealing"  # everybody acted; signatures are being attached; people read 签署中
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    EXPIRED = "expired"


class Action(StrEnum):
    EDIT = "edit"
    SEND = "send"
    CONFIRM = "confirm"
    SIGN = "sign"
    ALL_SIGNED = "all_signed"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    EXPIRE = "expire"


_OPEN = frozenset({Status.CONFIRMING, Status.SIGNING})

TRANSITIONS: dict[Action, tuple[frozenset[Status], Status]] = {
    Action.EDIT: (frozenset({Status.DRAFT}), Status.DRAFT),
    Action.SEND: (frozenset({Status.DRAFT}), Status.CONFIRMING),
    Action.CONFIRM: (frozenset({Status.CONFIRMING}), Status.SIGNING),
    Action.SIGN: (frozenset({Status.SIGNING}), Status.SIGNING),
    Action.ALL_SIGNED: (frozenset({Status.SIGNING}), Status.SEALING),
    Action.COMPLETE: (frozenset({Status.SEALING}), Status.COMPLETED),
    Action.WITHDRAW: (_OPEN, Status.WITHDRAWN),
    Action.TERMINATE: (_OPEN, Status.TERMINATED),
    Action.EXPIRE: (_OPEN, Status.EXPIRED),
}

FINAL = frozenset({Status.COMPLETED, Status.WITHDRAWN, Status.TERMINATED, Status.EXPIRED})
