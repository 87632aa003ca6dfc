"""The picture of the business licence: shown to those who check, kept with what was checked (C1)."""

from dataclasses import dataclass

from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.organisations.errors import LicenceNotFound
from app.organisations.permissions import Permission
from app.organisations.ports import Picture
from app.organisations.queries import OrganisationView, find_entered, organisation_view
from app.organisations.service.checking import require_open
from app.storage.ports import BlobStore
from app.storage.service import organisation_scope, read_file, record_file, write_file


@dataclass(frozen=True, slots=True)
class LicenceImage:
    """`media_type`: image/png or image/jpeg."""

    data: bytes
    media_type: str


def save_licence(*, actor: Actor, picture: Picture, blobs: BlobStore) -> OrganisationView:
    """Store the picture (made plain by app.templates before), encrypted; a new one takes the place of the old.

    Raises NotPermitted, OrganisationNotChosen, OrganisationAlreadyVerified, AuthorisationUnderWay, ProviderError.
    """
    actor.require(Permission.MANAGE_ORGANISATION)
    with reading() as session:
        scope = organisation_scope(require_open(find_entered(session, actor)).id)
    sha256 = write_file(blobs, scope=scope, data=picture.data)
    with transaction() as session:
        organisation = require_open(find_entered(session, actor, lock=True))
        record_file(session, scope=scope, sha256=sha256, size=len(picture.data), media_type=picture.media_type)
        organisation.licence_sha256, organisation.licence_media_type = sha256, picture.media_type
        record(
            session, actor, "organisation.licence_saved", f"organisation:{organisation.id}",
            chain=chain_of(organisation.id), licence_sha256=sha256,
        )  # fmt: skip
        return organisation_view(organisation)


def read_licence(*, actor: Actor, blobs: BlobStore) -> LicenceImage:
    """The picture, for members of the organisation. Raises OrganisationNotChosen, LicenceNotFound, FileDamaged."""
    with reading() as session:
        organisation = find_entered(session, actor)
        scope, sha256 = organisation_scope(organisation.id), organisation.licence_sha256
        media_type = organisation.licence_media_type
    if sha256 is None or media_type is None:
        raise LicenceNotFound
    return LicenceImage(read_file(blobs, scope=scope, sha256=sha256), media_type)
