"""`/__sandbox/…`: how tests arrange the world and look at what happened. JSON in, JSON out."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Flask, abort, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.control_phones import add_phones, body_of_request
from sandbox.faults import Fault
from sandbox.world import Invalid


def add_control(app: Flask, context: Context, credentials: dict[str, Any]) -> None:
    control = Blueprint("control", __name__, url_prefix="/__sandbox")
    _add_world(control, context)
    _add_faults(control, context)
    _add_looking(control, context)
    add_phones(control, context)

    @control.get("/keys")
    def keys() -> dict[str, Any]:
        return credentials

    @control.delete("/")
    def forget() -> Response:
        """As at the start, but for keys, persons and certificates: one order where a test would need many."""
        context.faults.clear()
        context.log.clear()
        context.outbox.clear()
        context.phones.clear_messages()
        context.clock.set_offset(0)
        return Response(status=204)

    @control.post("/clock")
    def clock() -> dict[str, Any]:
        seconds = body_of_request().get("offset_seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            abort(422, "offset_seconds 须为数字")
        context.clock.set_offset(seconds)
        return {"now": context.clock.now().isoformat()}

    @control.post("/face/<ref>")
    def face(ref: str) -> dict[str, Any]:
        if not context.faces.decide(ref, str(body_of_request().get("result"))):
            abort(409, "没有这次核身，或已完成、已过期；result 须为 pass、fail 或 cancel")
        return next(entry for entry in context.faces.listed() if entry["ref"] == ref)

    @control.post("/certificates/<serial>/revoke")
    def revoke(serial: str) -> dict[str, Any]:
        now = context.clock.now().isoformat()
        sql = "UPDATE certificate SET revoked_at = ? WHERE serial = ? AND revoked_at IS NULL"
        if not context.store.run(sql, now, serial.lower().lstrip("0")):
            abort(404, "没有这张证书，或已吊销")
        return {"serial": serial, "revoked_at": now}

    @control.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[dict[str, Any], int]:
        return {"error": error.description}, error.code or 500

    app.register_blueprint(control)


def _add_world(control: Blueprint, context: Context) -> None:
    @control.get("/persons")
    def persons() -> list[dict[str, Any]]:
        return [asdict(person) for person in context.world.persons()]

    @control.get("/organisations")
    def organisations() -> list[dict[str, Any]]:
        return [asdict(organisation) for organisation in context.world.organisations()]

    @control.post("/persons")
    def add_person() -> tuple[dict[str, Any], int]:
        try:
            return asdict(context.world.add_person(body_of_request())), 201
        except Invalid as error:
            abort(422, str(error))

    @control.post("/organisations")
    def add_organisation() -> tuple[dict[str, Any], int]:
        try:
            return asdict(context.world.add_organisation(body_of_request())), 201
        except Invalid as error:
            abort(422, str(error))


def _add_faults(control: Blueprint, context: Context) -> None:
    @control.get("/faults")
    def faults() -> list[dict[str, Any]]:
        return context.faults.listed()

    @control.post("/faults")
    def arm() -> tuple[dict[str, Any], int]:
        body = body_of_request()
        try:
            fault = Fault(
                str(body.get("vendor")),
                str(body.get("kind")),
                int(body.get("times", 1)),
                float(body.get("seconds", 1.0)),
            )
            context.faults.arm(fault)
        except (TypeError, ValueError) as error:
            abort(422, str(error))
        return asdict(fault), 201

    @control.delete("/faults")
    def disarm() -> Response:
        context.faults.clear()
        return Response(status=204)


def _add_looking(control: Blueprint, context: Context) -> None:
    @control.get("/log")
    def log() -> list[dict[str, Any]]:
        return context.log.listed(request.args.get("vendor"))

    @control.delete("/log")
    def clear_log() -> Response:
        context.log.clear()
        return Response(status=204)

    @control.get("/sms")
    def sms() -> list[dict[str, Any]]:
        return context.outbox.listed(request.args.get("phone"))

    @control.delete("/sms")
    def clear_sms() -> Response:
        context.outbox.clear()
        return Response(status=204)

    @control.get("/faces")
    def faces() -> list[dict[str, Any]]:
        return context.faces.listed()

    @control.get("/certificates")
    def certificates() -> list[dict[str, Any]]:
        columns = "serial, issuer, label, subject, issued_at, revoked_at"
        rows = context.store.rows(f"SELECT {columns} FROM certificate ORDER BY rowid DESC LIMIT 200")  # noqa: S608
        return [dict(row) for row in rows]
