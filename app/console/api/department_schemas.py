"""The wire of departments."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.people.service.departments import Direction

_NAME = validate.Length(max=200)


class NewDepartmentSchema(WireSchema):
    """`parent_id`: null for the top."""

    name = ma.fields.String(required=True, validate=_NAME, metadata={"description": "up to 50 characters"})
    parent_id = ma.fields.UUID(load_default=None, allow_none=True)


class DepartmentNameSchema(WireSchema):
    name = ma.fields.String(required=True, validate=_NAME, metadata={"description": "up to 50 characters"})


class DepartmentParentSchema(WireSchema):
    """`parent_id`: null for the top."""

    parent_id = ma.fields.UUID(required=True, allow_none=True)


class DepartmentShiftSchema(WireSchema):
    direction = ma.fields.String(required=True, validate=validate.OneOf(list(Direction)))


class DepartmentSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    parent_id = ma.fields.UUID(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    path = ma.fields.String(required=True, metadata={"description": "names from the top, divided by ` / `"})
    depth = ma.fields.Integer(required=True, metadata={"description": "1 at the top"})
    employees = ma.fields.Integer(required=True, metadata={"description": "directly in it"})
    all_employees = ma.fields.Integer(required=True, metadata={"description": "those below included"})


class DepartmentTreeSchema(ma.Schema):
    """`items`: each before those below it, siblings in their order."""

    items = ma.fields.List(ma.fields.Nested(DepartmentSchema), required=True)
    unassigned = ma.fields.Integer(required=True, metadata={"description": "employees who are in no department"})
    total = ma.fields.Integer(required=True, metadata={"description": "all employees"})
