"""The wire of the employer's onboardings and roster."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.people.forms import EDUCATIONS
from app.people.lifecycle import Status

_SEARCH = validate.Length(max=100)


class InvitationSchema(WireSchema):
    name = ma.fields.String(required=True, validate=validate.Length(max=50))
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))
    days = ma.fields.Integer(required=True, metadata={"description": "how long the link is good for, 1 to 30"})


class PeopleQuerySchema(WireSchema):
    """`text`: a whole name or phone."""

    text = ma.fields.String(load_default="", validate=_SEARCH)
    cursor = ma.fields.UUID(load_default=None)
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


class RosterQuerySchema(PeopleQuerySchema):
    """`department_id`: with everybody below it. `unassigned`: only who is in no department."""

    department_id = ma.fields.UUID(load_default=None)
    unassigned = ma.fields.Boolean(load_default=False)


class OnboardingQuerySchema(PeopleQuerySchema):
    status = ma.fields.String(load_default="", validate=validate.OneOf(("", *Status)))


class EmployerOnboardingCardSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata={"description": "empty once the data was wiped"})
    phone_masked = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    status_text = ma.fields.String(required=True)
    invited_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    submitted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    form_version = ma.fields.Integer(required=True, metadata={"description": "to decide with"})


class EmployerOnboardingPageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EmployerOnboardingCardSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class EmployeeDepartmentSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    path = ma.fields.String(required=True, metadata={"description": "names from the top, divided by ` / `"})


class EmployeeSchema(EmployerOnboardingCardSchema):
    """`phone_masked`: of the phone that the person has now. `department`: null for who is in none."""

    department = ma.fields.Nested(EmployeeDepartmentSchema, required=True, allow_none=True)


class EmployeePageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EmployeeSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class AssignmentSchema(WireSchema):
    """`department_id`: null for none."""

    department_id = ma.fields.UUID(required=True, allow_none=True)


class ContactSchema(ma.Schema):
    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, metadata={"description": "11 digits"})


class EmployerCorrectionSchema(ma.Schema):
    field = ma.fields.String(required=True)
    before = ma.fields.Raw(required=True)
    after = ma.fields.Raw(required=True)
    by = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)


class EmployerOnboardingSchema(EmployeeSchema):
    """`form`: null while nothing is submitted; number and phone are masked."""

    form = ma.fields.Dict(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    corrections = ma.fields.List(ma.fields.Nested(EmployerCorrectionSchema), required=True)
    resend_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class DecisionSchema(WireSchema):
    form_version = ma.fields.Integer(required=True)


class RejectionSchema(DecisionSchema):
    reason = ma.fields.String(required=True, validate=validate.Length(max=400))


class CorrectedAddressSchema(WireSchema):
    region = ma.fields.List(ma.fields.String(validate=validate.Length(1, 40)), required=True)
    detail = ma.fields.String(required=True, validate=validate.Length(max=200))


class ChangesSchema(WireSchema):
    """What an employer may correct; what is left out stays."""

    registered_residence = ma.fields.Nested(CorrectedAddressSchema)
    education = ma.fields.String(validate=validate.OneOf(EDUCATIONS))
    school = ma.fields.String(validate=validate.Length(max=200))
    graduated_in = ma.fields.Integer()


class CorrectionsSchema(DecisionSchema):
    changes = ma.fields.Nested(ChangesSchema, required=True)


class IdNumberSchema(ma.Schema):
    id_number = ma.fields.String(required=True)
