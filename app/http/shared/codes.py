"""Phones, codes and passwords on the wire."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema

PHONE, CODE, PASSWORD = validate.Length(max=30), validate.Length(4, 12), validate.Length(1, 200)


class PhoneSchema(WireSchema):
    phone = ma.fields.String(required=True, validate=PHONE)


class CodeSchema(WireSchema):
    code = ma.fields.String(required=True, validate=CODE)


class PhoneAndCodeSchema(PhoneSchema, CodeSchema):
    """Who, and the code that was sent there."""


class PhoneAndPasswordSchema(PhoneSchema):
    password = ma.fields.String(required=True, validate=PASSWORD)


class CodeSentSchema(ma.Schema):
    resend_after = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})
