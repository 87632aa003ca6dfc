"""The life of an onboarding as one table (decision 0002). Pure: no imports but enum."""

from enum import StrEnum


class Status(StrEnum):
    INVITED = "invited"
    FILLING = "filling"  # the employer is confirmed, the notice agreed to
    REVIEWING = "reviewing"
    REJECTED = "rejected"  # with a reason: the worker corrects and submits again
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"  # by the worker: consent is taken back as easily as it is given (PIPL 15)
    EXPIRED = "expired"


class Action(StrEnum):
    AGREE = "agree"
    SAVE = "save"
    SUBMIT = "submit"
    CORRECT = "correct"
    REJECT = "reject"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    EXPIRE = "expire"


_REVIEWING = frozenset({Status.REVIEWING})
_WRITING = frozenset({Status.FILLING, Status.REJECTED})

OPEN = frozenset({Status.INVITED, Status.FILLING, Status.REVIEWING, Status.REJECTED})
WAITING_FOR_WORKER = OPEN - _REVIEWING

TRANSITIONS: dict[Action, tuple[frozenset[Status], Status]] = {
    Action.AGREE: (frozenset({Status.INVITED}), Status.FILLING),
    Action.SAVE: (_WRITING, Status.FILLING),
    Action.SUBMIT: (_WRITING, Status.REVIEWING),
    Action.CORRECT: (_REVIEWING, Status.REVIEWING),
    Action.REJECT: (_REVIEWING, Status.REJECTED),
    Action.ACCEPT: (_REVIEWING, Status.ACCEPTED),
    Action.WITHDRAW: (OPEN, Status.WITHDRAWN),
    Action.DECLINE: (OPEN, Status.DECLINED),
    Action.EXPIRE: (OPEN, Status.EXPIRED),
}

FINAL = frozenset({Status.ACCEPTED, Status.WITHDRAWN, Status.DECLINED, Status.EXPIRED})
