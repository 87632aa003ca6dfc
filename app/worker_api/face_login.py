"""Log in by face, for workers who are verified (A3)."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_ip, providers
from app.http.logins import LoggedInSchema, TransportSchema, answer_login, client_origin
from app.http.shared.agreements import AgreementsSchema
from app.identity.face_login import get_face_login, log_in_by_face, request_face_login
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema, dump_check, dump_face, take_way

blueprint = ApiBlueprint("worker_face_login", __name__, url_prefix="/api/v1/worker", description="劳动者：刷脸登录")

TICKET = validate.Length(1, 100)
STATUSES = ("waiting", "passed", "failed", "cancelled", "expired", "unavailable")


class FaceLoginStartSchema(FaceWaySchema, AgreementsSchema):
    """`agreements`: those of every login, and the face consent."""

    name = ma.fields.String(required=True, validate=validate.Length(1, 50))
    id_number = ma.fields.String(required=True, validate=validate.Length(1, 30))


class FaceLoginStartedSchema(FaceAnswerSchema):
    """`ticket`: this device's secret; it is in no picture."""

    ticket = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    expires_at = ma.fields.AwareDateTime(required=True)


class FaceTicketSchema(WireSchema):
    ticket = ma.fields.String(required=True, validate=TICKET)


class FaceLoginStatusSchema(FaceAnswerSchema):
    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))


class FaceLoginSchema(TransportSchema):
    ticket = ma.fields.String(required=True, validate=TICKET)
    link_token = ma.fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


@blueprint.post("/login/face")
@blueprint.arguments(FaceLoginStartSchema)
@blueprint.response(201, FaceLoginStartedSchema)
def ask(body: dict[str, Any]) -> Any:
    """Begin; the answer tells nobody whether that person has an account."""
    agreements = [(item["kind"], item["version"]) for item in body.pop("agreements")]
    way = take_way(body)
    started = request_face_login(**body, agreements=agreements, way=way, faces=providers().faces, ip=client_ip())
    check = started.check
    return {
        "ticket": started.ticket, "status": check.status, "expires_at": in_shanghai(check.expires_at),
    } | dump_face(check)  # fmt: skip


@blueprint.post("/login/face/status")
@blueprint.arguments(FaceTicketSchema)
@blueprint.response(200, FaceLoginStatusSchema)
def read_status(body: dict[str, Any]) -> Any:
    """How far it is; the server asks the vendor."""
    return dump_check(get_face_login(ticket=body["ticket"], faces=providers().faces))


@blueprint.post("/login/face/session")
@blueprint.arguments(FaceLoginSchema)
@blueprint.response(200, LoggedInSchema)
def log_in(body: dict[str, Any]) -> Any:
    """The session of the person who passed, once."""
    return answer_login(log_in_by_face(ticket=body["ticket"], faces=providers().faces, **client_origin(body)), body)
