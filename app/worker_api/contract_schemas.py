"""The wire of contracts: what a body may hold, what an answer promises."""

import marshmallow as ma
from marshmallow import validate

from app.http.api import WireSchema
from app.http.shared.contracts import CountsSchema, PageSizeSchema, TextPageSchema
from app.http.shared.intents import SHA256
from app.worker_api.onboarding_schemas import OnboardingCardSchema

RETURN_PATH = validate.Regexp(r"^/h5/[A-Za-z0-9#/?=&_.%-]*$", error="返回地址只能是本平台页面。")
BOXES = ("all", "waiting", "others", "done")


class AddressSchema(WireSchema):
    region = ma.fields.List(
        ma.fields.String(validate=validate.Length(1, 40)), required=True, validate=validate.Length(1, 3)
    )
    detail = ma.fields.String(required=True, validate=validate.Length(2, 100))


class ContractListQuerySchema(WireSchema):
    box = ma.fields.String(load_default="all", validate=validate.OneOf(BOXES))
    cursor = ma.fields.UUID(load_default=None)
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


class ContractCardSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    organisation = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    status_text = ma.fields.String(required=True)
    my_step = ma.fields.String(required=True)
    waiting_for_me = ma.fields.Boolean(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    sent_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    deadline_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ContractPageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ContractCardSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class HomeSchema(ma.Schema):
    counts = ma.fields.Nested(CountsSchema, required=True)
    todo = ma.fields.List(ma.fields.Nested(ContractCardSchema), required=True)
    onboardings = ma.fields.List(ma.fields.Nested(OnboardingCardSchema), required=True)
    unread = ma.fields.Integer(required=True)


class KeyTermsSchema(ma.Schema):
    employer = ma.fields.String(required=True)
    worker = ma.fields.String(required=True)
    post = ma.fields.String(required=True, allow_none=True)
    place = ma.fields.String(required=True, allow_none=True)
    term = ma.fields.String(required=True, allow_none=True)
    start_on = ma.fields.String(required=True, allow_none=True)
    end_on = ma.fields.String(required=True, allow_none=True)
    probation = ma.fields.String(required=True, allow_none=True)
    pay = ma.fields.String(required=True, allow_none=True)
    hours = ma.fields.String(required=True, allow_none=True)


class PartySchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    is_me = ma.fields.Boolean(required=True)
    order = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    acted_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class PlaceSchema(ma.Schema):
    """Fractions 0..1 of the page, from its top left corner."""

    id = ma.fields.UUID(required=True)
    page = ma.fields.Integer(required=True)
    x = ma.fields.Float(required=True)
    y = ma.fields.Float(required=True)
    width = ma.fields.Float(required=True)
    height = ma.fields.Float(required=True)
    kind = ma.fields.String(required=True)
    party_id = ma.fields.UUID(required=True)
    mine = ma.fields.Boolean(required=True)


class ReadingSchema(ma.Schema):
    required_seconds = ma.fields.Integer(required=True)
    seconds_left = ma.fields.Integer(required=True)
    seen_pages = ma.fields.List(ma.fields.Integer(), required=True)
    opened_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    complete = ma.fields.Boolean(required=True)


class ReadingAnswerSchema(ma.Schema):
    reading = ma.fields.Nested(ReadingSchema, required=True)


class ConfirmationSchema(ma.Schema):
    at = ma.fields.AwareDateTime(required=True)
    habitual_residence = ma.fields.Nested(AddressSchema, required=True)
    registered_residence = ma.fields.Nested(AddressSchema, required=True)


class EndingSchema(ma.Schema):
    at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True)


class ContractSchema(ContractCardSchema):
    kind = ma.fields.String(required=True)
    content_sha256 = ma.fields.String(required=True)
    page_count = ma.fields.Integer(required=True)
    pages = ma.fields.List(ma.fields.Nested(PageSizeSchema), required=True)
    key_terms = ma.fields.Nested(KeyTermsSchema, required=True)
    parties = ma.fields.List(ma.fields.Nested(PartySchema), required=True)
    places = ma.fields.List(ma.fields.Nested(PlaceSchema), required=True)
    reading = ma.fields.Nested(ReadingSchema, required=True)
    intent_methods = ma.fields.List(ma.fields.String(), required=True)
    signature_rule = ma.fields.String(required=True)
    confirmation = ma.fields.Nested(ConfirmationSchema, required=True, allow_none=True)
    termination = ma.fields.Nested(EndingSchema, required=True, allow_none=True)
    withdrawal = ma.fields.Nested(EndingSchema, required=True, allow_none=True)
    download = ma.fields.Boolean(required=True)
    download_check = ma.fields.Boolean(required=True)
    actions = ma.fields.List(ma.fields.String(), required=True)


class PageViewsSchema(WireSchema):
    pages = ma.fields.List(
        ma.fields.Integer(strict=True, validate=validate.Range(1, 1000)),
        required=True,
        validate=validate.Length(1, 500),
    )


class ConfirmSchema(WireSchema):
    content_sha256 = ma.fields.String(required=True, validate=SHA256)
    habitual_residence = ma.fields.Nested(AddressSchema, required=True)
    registered_residence = ma.fields.Nested(AddressSchema, required=True)


class TerminateSchema(WireSchema):
    reason = ma.fields.String(required=True, validate=validate.Length(2, 200))


class PageQuerySchema(WireSchema):
    width = ma.fields.Integer(
        load_default=1080, validate=validate.Range(100, 2160),
        metadata={"description": "Hint. Pictures are 1080 pixels wide."},
    )  # fmt: skip
    at = ma.fields.String(
        load_default="", validate=validate.Length(max=20),
        metadata={"description": "Not read: lets a client ask anew for what was signed since."},
    )  # fmt: skip


class TextSchema(ma.Schema):
    content_sha256 = ma.fields.String(required=True)
    pages = ma.fields.List(ma.fields.Nested(TextPageSchema), required=True)


class ProgressSchema(ma.Schema):
    status = ma.fields.String(required=True)
    my_step = ma.fields.String(required=True)
    sealed = ma.fields.Boolean(required=True)
    waiting_for = ma.fields.String(required=True, allow_none=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    delayed = ma.fields.Boolean(required=True)


class TimelineEntrySchema(ma.Schema):
    """`actor`: "worker" to a copy recipient only; who signs is told "you"."""

    at = ma.fields.AwareDateTime(required=True)
    text = ma.fields.String(required=True)
    actor = ma.fields.String(required=True, validate=validate.OneOf(("you", "worker", "organisation", "platform")))
