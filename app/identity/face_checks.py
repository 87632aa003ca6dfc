"""Face checks: asked for by the server, answered to the server, good for one thing once (B3, B6; T-07, T-08).

What a client says about a check never counts: only the vendor's own answer, fetched by us, settles it.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import DomainError, InvalidInput, ProviderError
from app.core.ids import new_id
from app.identity.consents import require_consent
from app.identity.documents import ACCEPTED
from app.identity.errors import (
    FaceCancelled,
    FaceCheckNotFound,
    FaceCheckNotPassed,
    FaceCheckRefused,
    FaceCheckUsed,
    FaceExpired,
    FaceMismatch,
    FaceNoRecord,
    FaceNotPossible,
    FaceRefusedElsewhere,
    FaceUnavailable,
    VerificationLimit,
)
from app.identity.models import ConsentKind, FaceCheck, FacePurpose, FaceStatus, Method
from app.identity.persons import Claim, claim_of, get_person, require_verified_person
from app.identity.ports import FaceSubject, FaceVerifier

LIFE = dict.fromkeys(FacePurpose, timedelta(minutes=10)) | {FacePurpose.REAL_NAME: timedelta(minutes=30)}
PER_MINUTE, PER_DAY = 5, 100
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
# These have no page: the mini-program calls its platform.
_IN_APP = ("wechat",)
# Whose checks open inside a mini-program of this platform.
_AT_HOME = {"weixin": ("wechat", "tencent"), "alipay": ("alipay",)}
# The only browser that a vendor's page opens in: WeChat's lets no page call Alipay, and E证通 is a page for WeChat.
_OPENS_IN = {"tencent": "weixin", "alipay": "other"}
Faces = Mapping[str, FaceVerifier]

# What the vendor's answer makes of a check that waits. Everything else (pending, outage) leaves it waiting.
_SETTLED = {
    Outcome.MATCH: FaceStatus.PASSED,
    Outcome.MISMATCH: FaceStatus.FAILED,
    Outcome.NO_RECORD: FaceStatus.FAILED,
    Outcome.INVALID_INPUT: FaceStatus.FAILED,
    Outcome.UNSUPPORTED: FaceStatus.FAILED,
    Outcome.CANCELLED: FaceStatus.CANCELLED,
    Outcome.EXPIRED: FaceStatus.EXPIRED,
}
# What whoever opened it on another device made of it.
REFUSED = "refused"
_REFUSALS: Mapping[str, type[DomainError]] = {
    Outcome.NO_RECORD: FaceNoRecord,
    Outcome.INVALID_INPUT: FaceCheckRefused,
    Outcome.UNSUPPORTED: FaceCheckRefused,
    REFUSED: FaceRefusedElsewhere,
}
_ENDS: Mapping[FaceStatus, type[DomainError]] = {
    FaceStatus.CANCELLED: FaceCancelled,
    FaceStatus.EXPIRED: FaceExpired,
    FaceStatus.UNAVAILABLE: FaceUnavailable,
}
_TOO_LATE = CheckResult(Outcome.EXPIRED, "platform")
_REFUSED = "invalid_input"


@dataclass(frozen=True, slots=True)
class FaceWay:
    """How the person is led to the camera. `provider`: one of ours by name, "" for the preferred one.

    `elsewhere`: the page is opened on another device, by a QR code. `openid`: the person's at WeChat, if known.
    `platform`: "weixin" or "alipay" in a mini-program, whose own vendors come first there. `browser`: "weixin" for
    WeChat's own, "other" for a phone's other ones, "" where it doesn't matter; a page that does not open in it is
    opened elsewhere, and sends people to `elsewhere_url`. `ip` and `device`: from where it is asked, which the other
    device is told.
    """

    return_url: str
    provider: str = ""
    openid: str = ""
    elsewhere: bool = False
    platform: str = ""
    browser: str = ""
    elsewhere_url: str = ""
    ip: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class FaceCheckView:
    """`status`: a FaceStatus. `url`: the vendor's page, while the check waits. `outcome`: the vendor's verdict.

    `app_call`: what a mini-program hands to its platform instead; `elsewhere`: see FaceWay. There `url` is None and
    `handover` the token of our own page that comes first. `reason`: why it did not succeed, or that the vendor can't be
    asked just now; each names a way on.
    """

    id: uuid.UUID
    status: str
    expires_at: datetime
    url: str | None
    outcome: str | None
    app_call: Mapping[str, str]
    elsewhere: bool
    reason: DomainError | None = None
    handover: str = ""


def start_face_check(
    *, actor: Actor, purpose: str, subject: str, subject_sha256: str, way: FaceWay, faces: Faces, title: str = ""
) -> FaceCheckView:
    """Check that the verified person of this account is in front of the camera, for exactly this subject.

    `title`: of the document that it is about, in words for the person.

    Raises VerificationRequired, FaceNotPossible, ConsentRequired, VerificationLimit, InvalidInput (a vendor that
    is not offered), FaceUnavailable, FaceCheckRefused.
    """
    person_id = require_verified_person(actor)
    way = choose_way(faces, way)
    with transaction() as session:
        claim = claim_of(get_person(session, person_id))
        if claim.id_type not in ACCEPTED[Method.FACE]:
            raise FaceNotPossible
        check = add_face_check(
            session, actor=actor, purpose=FacePurpose(purpose), subject=subject, subject_sha256=subject_sha256,
            person_id=person_id, claim=claim, way=way,
        )  # fmt: skip
        check.title = title or None
    return start_at_vendor(check_id=check.id, return_url=way.return_url, faces=faces)


def choose_way(faces: Faces, way: FaceWay) -> FaceWay:
    """With the vendor that was asked for, or the first that works from here. Raises InvalidInput, FaceUnavailable."""
    if way.provider and way.provider not in faces:
        raise InvalidInput(fields={"provider": ["平台未开通此核验机构，请换一家。"]})
    if way.provider in _IN_APP and (way.elsewhere or not way.openid):
        raise InvalidInput(fields={"provider": ["请在微信小程序中使用，或换一家核验机构。"]})
    vendor = way.provider or _preferred(faces, way)
    if way.elsewhere or opens_in(vendor, way.browser):
        return replace(way, provider=vendor)
    return replace(way, provider=vendor, elsewhere=True, return_url=way.elsewhere_url)


def _preferred(faces: Faces, way: FaceWay) -> str:
    usable = [name for name in faces if name not in _IN_APP or (way.openid and not way.elsewhere)]
    if not usable:
        raise FaceUnavailable
    at_home = [name for name in usable if name in _AT_HOME.get(way.platform, ())]
    here = [name for name in usable if opens_in(name, way.browser)]
    return (at_home or here or usable)[0]


def opens_in(vendor: str, browser: str) -> bool:
    """Whether the vendor's page opens there; `browser`: see FaceWay."""
    return not browser or _OPENS_IN.get(vendor, browser) == browser


def add_face_check(
    session: Session, *, actor: Actor, purpose: FacePurpose, subject: str, subject_sha256: str,
    person_id: uuid.UUID | None, claim: Claim, way: FaceWay,
) -> FaceCheck:  # fmt: skip
    """The attempt's row, written before the vendor is asked; `way` comes from `choose_way`.

    Raises ConsentRequired, VerificationLimit.
    """
    require_consent(session, actor, ConsentKind.FACE_CONSENT)
    account, moment = get_account(session, actor, lock=True), now()
    mine = (FaceCheck.account_kind == str(actor.kind)) & (FaceCheck.account_id == account.id)
    times = session.scalars(
        select(FaceCheck.created_at).where(mine).order_by(FaceCheck.created_at.desc()).limit(PER_DAY)
    ).all()
    wait = max(seconds_to_wait(times, PER_MINUTE, _MINUTE, moment), seconds_to_wait(times, PER_DAY, _DAY, moment))
    if wait:
        raise VerificationLimit(retry_after=wait)
    check = new_face_check(purpose, subject, subject_sha256, claim, way)
    check.account_kind, check.account_id, check.person_id = str(actor.kind), account.id, person_id
    session.add(check)
    session.flush()
    return check


def new_face_check(purpose: FacePurpose, subject: str, subject_sha256: str, claim: Claim, way: FaceWay) -> FaceCheck:
    """A check of this claim; whose it is, is up to the caller."""
    moment = now()
    check = FaceCheck(
        id=new_id(), purpose=purpose, subject=subject, subject_sha256=subject_sha256, vendor=way.provider,
        elsewhere=way.elsewhere, status=FaceStatus.WAITING, created_at=moment, expires_at=moment + LIFE[purpose],
    )  # fmt: skip
    check.ip, check.device = way.ip[:45], way.device[:200]
    check.name, check.id_number, check.openid = claim.name, claim.id_number, way.openid or None
    return check


def start_at_vendor(*, check_id: uuid.UUID, return_url: str, faces: Faces) -> FaceCheckView:
    """Ask the check's vendor for a page; our id is the reference. Outside any transaction.

    Raises FaceUnavailable, FaceCheckRefused.
    """
    with reading() as session:
        check = session.get_one(FaceCheck, check_id)
    vendor, openid = faces[check.vendor or ""], check.openid or ""
    try:
        started = vendor.start(
            subject=_subject(check), reference=check_id.hex, return_url=return_url, openid=openid
        )  # fmt: skip
    except ProviderError as error:
        _note_no_start(check_id, error)
        raise (FaceCheckRefused() if error.code == _REFUSED else FaceUnavailable()) from error
    with transaction() as session:
        check = session.get_one(FaceCheck, check_id, with_for_update=True)
        check.provider_ref = started.provider_ref
        if check.status == FaceStatus.WAITING:  # else the consent was withdrawn meanwhile
            check.url, check.app_call = started.url, json.dumps(dict(started.app_call))
        return view_face_check(check)


def _note_no_start(check_id: uuid.UUID, error: ProviderError) -> None:
    outcome = Outcome.INVALID_INPUT if error.code == _REFUSED else Outcome.UNAVAILABLE
    with transaction() as session:
        check = session.get_one(FaceCheck, check_id, with_for_update=True)
        _note(check, CheckResult(outcome, error.provider, error.code))
        check.settle(FaceStatus.UNAVAILABLE, now())


def refresh_face_check(*, actor: Actor, face_check_id: uuid.UUID, faces: Faces) -> FaceCheckView:
    """The state of one's own check; while it waits, the vendor is asked. An outage leaves it waiting.

    Raises FaceCheckNotFound.
    """
    with reading() as session:
        check = _own(session, actor, face_check_id)
    return settle_by_vendor(check, faces)


def settle_by_vendor(check: FaceCheck, faces: Faces) -> FaceCheckView:
    """Ask the vendor about a check that waits. `check`: as it was read, its transaction is over."""
    if check.status != FaceStatus.WAITING or (check.provider_ref is None and check.expires_at > now()):
        return view_face_check(check)
    result = _ask(faces, check) if check.expires_at > now() else _TOO_LATE
    status = _SETTLED.get(result.outcome)
    if status is None:
        return view_face_check(check, reason=None if result.outcome is Outcome.PENDING else FaceUnavailable())
    with transaction() as session:
        check = session.get_one(FaceCheck, check.id, with_for_update=True, populate_existing=True)
        if check.status == FaceStatus.WAITING:  # else another request was first
            _note(check, result)
            check.settle(status, now())
        return view_face_check(check)


def _ask(faces: Faces, check: FaceCheck) -> CheckResult:
    """The vendor that began it, and no other, about the person whom it was told."""
    face = faces.get(check.vendor or "")
    if face is None:  # switched off meanwhile
        return CheckResult(Outcome.UNAVAILABLE, check.vendor or "", "not_configured")
    try:
        return face.result(
            provider_ref=check.provider_ref or "", subject=_subject(check), reference=check.id.hex,
            openid=check.openid or "",
        )  # fmt: skip
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)


def _subject(check: FaceCheck) -> FaceSubject:
    return FaceSubject(check.name, check.id_number)


def _note(check: FaceCheck, result: CheckResult) -> None:
    check.outcome, check.provider = result.outcome, result.provider
    check.provider_code, check.request_id = result.provider_code[:120], result.request_id[:120]


def require_answer(view: FaceCheckView) -> None:
    """Before a check is used: an outage at the vendor says nothing about the person. Raises FaceUnavailable."""
    if isinstance(view.reason, FaceUnavailable):
        raise view.reason


def consume_face_check(
    session: Session, *, person_id: uuid.UUID | None, purpose: str, subject: str, subject_sha256: str,
    face_check_id: uuid.UUID, used_in: uuid.UUID | None = None, again_within: timedelta = timedelta(0),
) -> None:  # fmt: skip
    """Spend a passed check for exactly this person, purpose, subject and hash, once, in the caller's transaction.

    `used_in`: the session that spends it; it may do the very same again `again_within` that time. Raises FaceCheckUsed,
    FaceCheckNotPassed.
    """
    moment = now()
    bound = (
        (FaceCheck.id == face_check_id)
        & (FaceCheck.person_id == person_id)
        & (FaceCheck.purpose == purpose)
        & (FaceCheck.subject == subject)
        & (FaceCheck.subject_sha256 == subject_sha256)
        & (FaceCheck.status == FaceStatus.PASSED)
    )
    spend = (
        update(FaceCheck)
        .where(bound, FaceCheck.expires_at > moment, FaceCheck.used_at.is_(None))
        .values(used_at=moment, used_in=used_in)
        .returning(FaceCheck.id)
    )
    if session.scalar(spend.execution_options(synchronize_session=False)) is not None:
        return
    again = (FaceCheck.used_in == used_in) & (FaceCheck.used_at > moment - again_within)
    if used_in is not None and session.scalar(select(FaceCheck.id).where(bound, again)) is not None:
        return
    used = session.scalar(select(FaceCheck.used_at).where(FaceCheck.id == face_check_id))
    raise FaceCheckUsed if used is not None else FaceCheckNotPassed


def forget_stale_checks(limit: int) -> int:
    """Housekeeping: end checks that nobody finished, wiping whom they were about. Returns how many."""
    moment = now()
    stale = (FaceCheck.status == FaceStatus.WAITING) & (FaceCheck.expires_at <= moment)
    with transaction() as session:
        found = session.scalars(select(FaceCheck).where(stale).limit(limit).with_for_update(skip_locked=True)).all()
        for check in found:
            check.settle(FaceStatus.EXPIRED, moment)
        return len(found)


def _own(session: Session, actor: Actor, face_check_id: uuid.UUID) -> FaceCheck:
    statement = select(FaceCheck).where(
        FaceCheck.id == face_check_id,
        FaceCheck.account_kind == str(actor.kind),
        FaceCheck.account_id == actor.account_id,
    )
    check = session.scalar(statement)
    if check is None:
        raise FaceCheckNotFound
    return check


def view_face_check(check: FaceCheck, *, reason: DomainError | None = None) -> FaceCheckView:
    """`reason`: why it waits, if that is not the person."""
    waits = check.status == FaceStatus.WAITING
    here = waits and not check.elsewhere
    return FaceCheckView(
        id=check.id, status=check.status, expires_at=check.expires_at, url=(check.url or None) if here else None,
        outcome=check.outcome, app_call=json.loads(check.app_call or "{}") if here else {},
        elsewhere=check.elsewhere, reason=reason or _reason(check),
        handover=handover_token(check.id) if waits and check.elsewhere and check.url else "",
    )  # fmt: skip


def handover_token(face_check_id: uuid.UUID) -> str:
    """What opens a check on another device: made from its id by our key, so that a reload shows the same code and no
    table holds it."""
    return face_check_id.hex + blind_index(face_check_id.hex, purpose="face_handover")[:32]


def _reason(check: FaceCheck) -> DomainError | None:
    if check.status in (FaceStatus.WAITING, FaceStatus.PASSED):
        return None
    end = _ENDS.get(FaceStatus(check.status), FaceMismatch)
    return _REFUSALS.get(check.outcome or "", end)()
