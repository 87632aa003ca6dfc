"""The wire of the employer's contracts."""

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate

from app.http.api import WireSchema
from app.http.shared.contracts import CountsSchema, PageSizeSchema, TextPageSchema
from app.http.shared.intents import SHA256, IntentInputSchema, IntentStateSchema

BOXES = ("all", "waiting", "others", "done", "draft")
STATUSES = ("draft", "confirming", "signing", "sealing", "completed", "withdrawn", "terminated", "expired")
KINDS = ("labour_contract", "renewal", "supplement", "termination", "other")
TERMS = ("post", "place", "term", "start_on", "end_on", "probation", "pay", "hours")
INTENT_METHODS = ("sms", "face", "pin")
PLACE_KINDS = ("signature", "seal")
NO_FILE = "请选择要上传的 PDF 或 Word 文件。"
_TITLE = validate.Length(max=100)


class UploadFileSchema(WireSchema):
    file = Upload(required=True, error_messages={"required": NO_FILE})


class UploadFormSchema(WireSchema):
    title = ma.fields.String(load_default=None, validate=_TITLE)


class PlaceInputSchema(WireSchema):
    """Fractions 0..1 of the page, from its top left corner; `page` from 1."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(PLACE_KINDS))
    page = ma.fields.Integer(required=True, validate=validate.Range(1, 200))
    x = ma.fields.Float(required=True)
    y = ma.fields.Float(required=True)
    width = ma.fields.Float(required=True)
    height = ma.fields.Float(required=True)


class PlacesSchema(WireSchema):
    version = ma.fields.Integer(load_default=None, allow_none=True)
    places = ma.fields.List(ma.fields.Nested(PlaceInputSchema), required=True, validate=validate.Length(max=10))


class CopyRecipientSchema(WireSchema):
    """Somebody who may read the contract once it is completed (抄送方)."""

    name = ma.fields.String(required=True, validate=validate.Length(max=50))
    phone = ma.fields.String(required=True, validate=validate.Length(max=30))


class DraftChangesSchema(WireSchema):
    version = ma.fields.Integer(load_default=None, allow_none=True)
    title = ma.fields.String(validate=_TITLE)
    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    worker_name = ma.fields.String(validate=validate.Length(max=50))
    worker_phone = ma.fields.String(validate=validate.Length(max=30))
    terms = ma.fields.Dict(
        keys=ma.fields.String(validate=validate.OneOf(TERMS)),
        values=ma.fields.String(validate=validate.Length(max=400)),
    )
    intent_methods = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(INTENT_METHODS)), validate=validate.Length(1, len(INTENT_METHODS))
    )
    open_check = ma.fields.Boolean(metadata={"description": "the worker shows who it is before reading"})
    deadline_at = ma.fields.AwareDateTime()
    operator_id = ma.fields.UUID(metadata={"description": "who is to seal: one of `/contracts/employer-side`"})
    seal_id = ma.fields.UUID(metadata={"description": "the seal that is offered first at sealing; one of the same"})
    copies = ma.fields.List(ma.fields.Nested(CopyRecipientSchema), validate=validate.Length(max=50))


class ContractQuerySchema(WireSchema):
    box = ma.fields.String(load_default="all", validate=validate.OneOf(BOXES))
    text = ma.fields.String(load_default="", validate=validate.Length(max=100))
    status = ma.fields.String(load_default="", validate=validate.OneOf(("", *STATUSES)))
    kind = ma.fields.String(load_default="", validate=validate.OneOf(("", *KINDS)))
    created_by = ma.fields.UUID(load_default=None, metadata={"description": "the initiator's account"})
    sent_from = ma.fields.AwareDateTime(load_default=None)
    sent_to = ma.fields.AwareDateTime(load_default=None)
    cursor = ma.fields.UUID(load_default=None)
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


class EmployerCardSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    created_by = ma.fields.UUID(required=True)
    worker_name = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True)
    status_text = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    waiting_for_me = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)
    sent_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    deadline_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class EmployerCardPageSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(EmployerCardSchema), required=True)
    next_cursor = ma.fields.String(required=True, allow_none=True)


class EmployerCountsSchema(CountsSchema):
    draft = ma.fields.Integer(required=True)


class InitiatorSchema(ma.Schema):
    account_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class OperatorChoiceSchema(ma.Schema):
    account_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True)


class SealChoiceSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    purpose_line = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    is_default = ma.fields.Boolean(required=True)


class EmployerSideSchema(ma.Schema):
    operators = ma.fields.List(ma.fields.Nested(OperatorChoiceSchema), required=True)
    seals = ma.fields.List(ma.fields.Nested(SealChoiceSchema), required=True)


_MEANT = "of the employer: as chosen in the draft; another member, with another seal, may have signed"


class EmployerPartySchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    phone_masked = ma.fields.String(required=True)
    operator_id = ma.fields.UUID(required=True, allow_none=True, metadata={"description": _MEANT})
    seal_id = ma.fields.UUID(required=True, allow_none=True, metadata={"description": _MEANT})
    confirmed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    acted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    sealed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class IntakeNoticeSchema(ma.Schema):
    """What the intake noticed about the uploaded file; the document is usable."""

    code = ma.fields.String(required=True)
    zh = ma.fields.String(required=True)
    en = ma.fields.String(required=True)


class EmployerPlaceSchema(ma.Schema):
    kind = ma.fields.String(required=True)
    page = ma.fields.Integer(required=True)
    x = ma.fields.Float(required=True)
    y = ma.fields.Float(required=True)
    width = ma.fields.Float(required=True)
    height = ma.fields.Float(required=True)


class CopyShownSchema(ma.Schema):
    name = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True)


class ArchiveQuerySchema(WireSchema):
    ids = ma.fields.List(ma.fields.UUID(), required=True, validate=validate.Length(1, 50))


class EmployerContractSchema(EmployerCardSchema):
    version = ma.fields.Integer(required=True, metadata={"description": "of the draft"})
    filename = ma.fields.String(required=True)
    warnings = ma.fields.List(ma.fields.Nested(IntakeNoticeSchema), required=True)
    content_sha256 = ma.fields.String(required=True, allow_none=True)
    page_count = ma.fields.Integer(required=True)
    pages = ma.fields.List(ma.fields.Nested(PageSizeSchema), required=True)
    terms = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    intent_methods = ma.fields.List(ma.fields.String(), required=True)
    open_check = ma.fields.Boolean(required=True)
    parties = ma.fields.List(ma.fields.Nested(EmployerPartySchema), required=True)
    places = ma.fields.List(ma.fields.Nested(EmployerPlaceSchema), required=True)
    copies = ma.fields.List(ma.fields.Nested(CopyShownSchema), required=True)
    end_reason = ma.fields.String(required=True, allow_none=True)
    completed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class SendingProblemSchema(ma.Schema):
    field = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class SendingSchema(WireSchema):
    version = ma.fields.Integer(
        load_default=None, allow_none=True, metadata={"description": "of the draft that was looked at"}
    )


class WithdrawalSchema(WireSchema):
    reason = ma.fields.String(load_default="", validate=validate.Length(max=400))


class EmployerTextSchema(ma.Schema):
    content_sha256 = ma.fields.String(required=True, allow_none=True)
    pages = ma.fields.List(ma.fields.Nested(TextPageSchema), required=True)


class EmployerProgressSchema(ma.Schema):
    status = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    sealed = ma.fields.Boolean(required=True)
    updated_at = ma.fields.AwareDateTime(required=True)


class EmployerTimelineEntrySchema(ma.Schema):
    at = ma.fields.AwareDateTime(required=True)
    action = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    party = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class EmployerIntentStartSchema(IntentInputSchema):
    """`provider`: by face, whom to ask; by default the preferred one."""

    provider = ma.fields.String(load_default="", validate=validate.Length(max=20))


class EmployerIntentSchema(IntentStateSchema):
    url = ma.fields.String()
    qr = ma.fields.String(metadata={"description": "the url as a picture, a `data:` address"})


class SealingSchema(WireSchema):
    challenge_id = ma.fields.UUID(required=True)
    content_sha256 = ma.fields.String(required=True, validate=SHA256)
    seal_id = ma.fields.UUID(required=True)


class WordSupportSchema(ma.Schema):
    available = ma.fields.Boolean(required=True)
    how_to_install_zh = ma.fields.String(required=True)
    how_to_install_en = ma.fields.String(required=True)
