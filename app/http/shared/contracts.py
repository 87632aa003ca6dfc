"""What both parties see of a contract alike."""

import marshmallow as ma


class CountsSchema(ma.Schema):
    all = ma.fields.Integer(required=True)
    waiting = ma.fields.Integer(required=True)
    others = ma.fields.Integer(required=True)
    done = ma.fields.Integer(required=True)


class PageSizeSchema(ma.Schema):
    number = ma.fields.Integer(required=True)
    width = ma.fields.Float(required=True, metadata={"description": "points"})
    height = ma.fields.Float(required=True, metadata={"description": "points"})


class TextPageSchema(ma.Schema):
    number = ma.fields.Integer(required=True)
    paragraphs = ma.fields.List(ma.fields.String(), required=True)
