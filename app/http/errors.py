"""Errors of HTTP itself, in the same vocabulary as those of the domain."""

from app.accounts.errors import SessionEnded
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted


class BadRequest(DomainError):
    code = "bad_request"
    http_status = 400
    message_zh = "请求格式有误，请刷新页面后重试。"
    message_en = "The request is malformed. Reload and try again."


class CsrfRefused(DomainError):
    """The request doesn't prove that it comes from our own page (T-11)."""

    code = "csrf_refused"
    http_status = 403
    message_zh = "页面已过期或来源不受信任，请刷新页面后重试。"
    message_en = "The page has expired, or the request came from another site. Reload and try again."


class MethodNotAllowed(DomainError):
    code = "method_not_allowed"
    http_status = 405
    message_zh = "该地址不支持此种请求方法。"
    message_en = "This address does not support the method."


class NotAcceptable(DomainError):
    code = "not_acceptable"
    http_status = 406
    message_zh = "无法按要求的格式回答。"
    message_en = "The requested format is not available."


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    http_status = 412
    message_zh = "内容已被修改，请刷新后重试。"
    message_en = "The content has changed meanwhile. Reload and try again."


class PayloadTooLarge(DomainError):
    code = "payload_too_large"
    http_status = 413
    message_zh = "提交的内容过大，单个文件不得超过 20 MB。"
    message_en = "The request is too large. A file may have up to 20 MB."


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    http_status = 415
    message_zh = "不支持的内容类型，请使用 application/json。"
    message_en = "Unsupported content type. Use application/json."


class TooManyRequests(DomainError):
    code = "too_many_requests"
    http_status = 429
    message_zh = "操作过于频繁，请稍后再试。"
    message_en = "Too many requests. Please wait a little."


class InternalError(DomainError):
    """Ours to repair; says nothing but the request's id (Z-14)."""

    code = "internal_error"
    http_status = 500
    message_zh = "服务出现故障，您的操作可能未完成。请稍后重试，或将编号告知客服。"
    message_en = "Something went wrong on our side. Try again later, or tell support the request id."


class ServiceBusy(DomainError):
    """The database did not answer in time; nothing was done, or the same key tells what was."""

    code = "service_busy"
    http_status = 503
    message_zh = "系统繁忙，请稍候重试。"
    message_en = "The service is busy. Please try again in a moment."


class IdempotencyKeyRequired(DomainError):
    code = "idempotency_key_required"
    http_status = 422
    message_zh = "缺少提交编号，请刷新页面后重试。"
    message_en = "The Idempotency-Key header (8 to 64 letters, digits, - or _) is missing or malformed."


BY_STATUS: dict[int, type[DomainError]] = {
    error.http_status: error
    for error in (
        BadRequest, SessionEnded, NotPermitted, NotFound, MethodNotAllowed, NotAcceptable, PreconditionFailed,
        PayloadTooLarge, UnsupportedMediaType, InvalidInput, TooManyRequests, InternalError, ServiceBusy,
    )
}  # fmt: skip
"""What werkzeug's own errors are called here; any other 4xx is a `bad_request`."""
