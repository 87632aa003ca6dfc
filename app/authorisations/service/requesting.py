"""An operator asks the legal representative to sign, reminds them, hands the link on, takes it back (C2, C3)."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.links import LinkPurpose, issue_link
from app.accounts.queries import phone_of
from app.audit.service import chain_of, record
from app.authorisations.errors import NotYourLetter
from app.authorisations.letter import Letter, LetterData, write_letter
from app.authorisations.lifecycle import Action
from app.authorisations.models import Authorisation
from app.authorisations.notices import LINK, tell_representative, text_representative
from app.authorisations.queries import get_authorisation, lock_authorisation
from app.authorisations.service.ending import close
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id, new_number
from app.core.text import mask_id_number, normalise_phone
from app.identity.documents import NAMES
from app.identity.models import IdType
from app.identity.persons import Claim, claim_of, get_person, require_verified_person
from app.jobs.service import enqueue
from app.notifications.queries import Delivery, list_sms
from app.notifications.reminding import TooSoonToRemind, next_reminder
from app.organisations.errors import OrganisationMismatch
from app.organisations.permissions import Permission
from app.organisations.ports import OrganisationRegistry
from app.organisations.profile import parse_profile
from app.organisations.queries import find_entered
from app.organisations.service.checking import require_open
from app.organisations.service.verifying import Told, confirm_registration, parse_representative
from app.storage.ports import BlobStore
from app.storage.service import organisation_scope, record_file, write_file
from app.templates.intake import image_type, render_pages

TIME_TO_SIGN = timedelta(days=3)
LinkUrl = Callable[[str], str]


def request_authorisation(
    *, actor: Actor, name: str, uscc: str, kind: str, address: str, legal_representative: str,
    legal_representative_id_type: str, legal_representative_id_number: str, legal_representative_phone: str,
    registry: OrganisationRegistry, blobs: BlobStore, link_url: LinkUrl,
) -> Authorisation:  # fmt: skip
    """Ask the registry, write the letter, send its link to the representative's phone.

    Raises what `confirm_registration` raises, InvalidInput, LetterNotDrawable, ProviderError.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    require_verified_person(actor)
    told = Told(
        parse_profile(name=name, uscc=uscc, kind=kind, address=address),
        parse_representative(actor, legal_representative, legal_representative_id_type, legal_representative_id_number),
    )
    with reading() as session:
        row = _draft(session, actor, told, _parse_phone(session, actor, legal_representative_phone))
        letter = _write(session, actor, row)
    row.check_id = confirm_registration(actor=actor, told=told, registry=registry)
    files = _store(row, letter, blobs)
    with transaction() as session:
        organisation = require_open(find_entered(session, actor, lock=True))
        if (organisation.name, organisation.uscc) != (row.organisation_name, row.uscc):
            raise OrganisationMismatch  # changed by a second window: the letter would verify what nobody asked about
        organisation.authorisation_id = row.id
        scope = organisation_scope(row.organisation_id)
        for sha256, size, media_type in files:
            record_file(session, scope=scope, sha256=sha256, size=size, media_type=media_type)
        session.add(row)
        session.flush()
        text_representative(session, row, LINK, link=link_url(_issue(session, row, replaces=True)))
        tell_representative(session, row, "authorisation.sent")
        _promise_end(session, row)
        _note(session, actor, "authorisation.sent", row, content_sha256=row.content_sha256, check_id=row.check_id)
    return row


def resend_link(*, actor: Actor, authorisation_id: uuid.UUID, link_url: LinkUrl) -> Authorisation:
    """A new link by SMS; all old ones die. Raises AuthorisationOver, AuthorisationExpired, TooSoonToRemind."""
    actor.require(Permission.MANAGE_ORGANISATION)
    with transaction() as session:
        row = _waiting(session, actor, authorisation_id)
        next_at = _next_link(session, row)
        if next_at > now():
            raise TooSoonToRemind(next_at=next_at)
        text_representative(session, row, LINK, link=link_url(_issue(session, row, replaces=True)))
        _note(session, actor, "authorisation.link_resent", row)
        return row


def copy_link(*, actor: Actor, authorisation_id: uuid.UUID) -> str:
    """A token of its own to hand on, beside the one in the SMS. Like that one it only leads: it opens nothing
    without the phone that the letter was sent to. Raises NotYourLetter, AuthorisationOver, AuthorisationExpired.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    with transaction() as session:
        row = _waiting(session, actor, authorisation_id)
        if row.created_by != actor.account_id:
            raise NotYourLetter
        token = _issue(session, row, replaces=False)
        _note(session, actor, "authorisation.link_copied", row)
        return token


def withdraw_authorisation(*, actor: Actor, authorisation_id: uuid.UUID) -> Authorisation:
    """Take it back, to start again with other data (C3). Against the signature, the row's lock decides (T-16)."""
    actor.require(Permission.MANAGE_ORGANISATION)
    with transaction() as session:
        row = lock_authorisation(session, actor, authorisation_id)
        row.apply(Action.WITHDRAW)
        close(session, row)
        tell_representative(session, row, "authorisation.withdrawn")
        _note(session, actor, "authorisation.withdrawn", row)
        return row


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the last SMS arrived; `resend_at`: from when another may be sent, None while nobody is waited for."""

    delivery: Delivery
    at: datetime
    resend_at: datetime | None

    @property
    def may_resend(self) -> bool:
        return self.resend_at is not None and self.resend_at <= now()


def get_link_state(*, actor: Actor, authorisation_id: uuid.UUID) -> LinkState:
    """Raises AuthorisationNotFound."""
    actor.require(Permission.MANAGE_ORGANISATION)
    row = get_authorisation(actor=actor, authorisation_id=authorisation_id)
    with reading() as session:
        last = next(sms for sms in list_sms(session, row.subject) if sms.template == LINK)
        return LinkState(last.delivery, last.at, _next_link(session, row) if row.waits else None)


def _next_link(session: Session, row: Authorisation) -> datetime:
    return next_reminder([sms.created_at for sms in list_sms(session, row.subject) if sms.template == LINK])


def _waiting(session: Session, actor: Actor, authorisation_id: uuid.UUID) -> Authorisation:
    row = lock_authorisation(session, actor, authorisation_id)
    row.require(Action.SIGN)
    row.check_deadline()
    return row


def _parse_phone(session: Session, actor: Actor, phone: str) -> str:
    """The representative's own: a letter that goes to its maker proves nothing."""
    field = "legal_representative_phone"
    try:
        number = normalise_phone(phone)
    except InvalidInput as error:
        raise InvalidInput(fields={field: error.fields["phone"]}) from error
    if number == phone_of(session, actor):
        raise InvalidInput(fields={field: ["请填写法定代表人本人的手机号，不能是经办人的手机号。"]})
    return number


def _draft(session: Session, actor: Actor, told: Told, phone: str) -> Authorisation:
    moment, representative = now(), told.representative
    row = Authorisation(
        id=new_id(), number=new_number("SQ", moment), organisation_id=find_entered(session, actor).id,
        created_by=actor.account_id, organisation_name=told.profile.name, uscc=told.profile.uscc,
        representative_id_type=representative.id_type, representative_index=representative.index,
        phone_index=blind_index(phone, purpose="phone"), created_at=moment, updated_at=moment,
        deadline_at=moment + TIME_TO_SIGN,
    )  # fmt: skip
    row.representative, row.representative_id, row.phone = representative.name, representative.id_number, phone
    return row


def _write(session: Session, actor: Actor, row: Authorisation) -> Letter:
    operator = claim_of(get_person(session, require_verified_person(actor)))
    return write_letter(
        LetterData(
            number=row.number, organisation=row.organisation_name, uscc=row.uscc, representative=row.representative,
            representative_document=_document(row.claim), operator=operator.name,
            operator_document=_document(operator), deadline_at=row.deadline_at,
        )
    )  # fmt: skip


def _document(claim: Claim) -> str:
    return f"{NAMES[IdType(claim.id_type)][0]} {mask_id_number(claim.id_number)}"


def _store(row: Authorisation, letter: Letter, blobs: BlobStore) -> list[tuple[str, int, str]]:
    """Bytes before the row that names them: hash, size, media type of each."""
    (picture,) = render_pages(letter.pdf)
    text = json.dumps(letter.paragraphs, ensure_ascii=False).encode()
    contents = ((letter.pdf, "application/pdf"), (picture, image_type(picture)), (text, "application/json"))
    scope = organisation_scope(row.organisation_id)
    files = [(write_file(blobs, scope=scope, data=data), len(data), kind) for data, kind in contents]
    row.content_sha256, row.picture_sha256, row.text_sha256 = (sha256 for sha256, _, _ in files)
    row.place_top = letter.place_top
    return files


def _issue(session: Session, row: Authorisation, *, replaces: bool) -> str:
    return issue_link(
        session, purpose=LinkPurpose.AUTHORISATION, target=("authorisation", row.id), phone=row.phone,
        organisation_id=row.organisation_id, expires_at=row.deadline_at, replaces=replaces,
    )  # fmt: skip


def _promise_end(session: Session, row: Authorisation) -> None:
    enqueue(
        session, "authorisations.expire", key=f"authorisation-expire:{row.id}", run_at=row.deadline_at,
        authorisation_id=str(row.id),
    )  # fmt: skip


def _note(session: Session, actor: Actor, action: str, row: Authorisation, **data: object) -> None:
    record(session, actor, action, row.subject, chain=chain_of(row.organisation_id), **data)
