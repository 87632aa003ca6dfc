"""flask-smorest with problem+json, and blueprints that describe what every route shares."""

from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response
from flask_smorest import Api, Blueprint
from werkzeug.exceptions import HTTPException

from app.core.errors import DomainError
from app.http.idempotency import needs_key
from app.http.problems import MEDIA_TYPE, answer, problem_of_http
from app.http.public import is_public


def error_codes() -> list[str]:
    """Every code that a problem may carry: all subclasses of DomainError, wherever they are defined."""
    found, waiting = set(), [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        found.add(kind.code)
    return sorted(found)


class WireSchema(ma.Schema):
    """Base of everything on the wire: what a body may hold is listed, anything else is refused (T-28)."""

    class Meta:
        unknown = ma.RAISE
        ordered = True


class ProblemSchema(ma.Schema):
    """RFC 9457 problem details. Clients switch on `code` only."""

    type = ma.fields.String(required=True, metadata={"format": "uri-reference"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True, metadata={"minimum": 400, "maximum": 599})
    detail = ma.fields.String(required=True, metadata={"description": "in the language of the request"})
    detail_zh = ma.fields.String(required=True)
    detail_en = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    request_id = ma.fields.String(required=True)
    field_errors = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), data_key="fields")
    retry_after = ma.fields.Integer(metadata={"description": "seconds"})


class PlatformApi(Api):
    """One error shape for everything, documented as what it is."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE: str = "application/json"

    def handle_http_exception(self, error: HTTPException) -> Response:
        return answer(problem_of_http(error))

    def _register_responses(self) -> None:
        """The library documents errors as application/json; they are application/problem+json."""
        documented, self.DEFAULT_RESPONSE_CONTENT_TYPE = self.DEFAULT_RESPONSE_CONTENT_TYPE, MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = documented

    def _register_error_handlers(self) -> None:
        """`app.http.problems` handles every error of the application, ours and werkzeug's."""


class ApiBlueprint(Blueprint):
    """Documents what all routes share: error answers, the session, the Idempotency-Key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_document_shared)

    def register_views_in_doc(self, api: Any, app: Flask, spec: Any, *, name: str, parameters: Any) -> None:
        for endpoint, operations in self._docs.items():
            public = is_public(f"{name}.{endpoint}")
            keyed = not public and needs_key(app.view_functions[f"{name}.{endpoint}"])
            for method, info in operations.items():
                if method != "parameters":
                    info["shared"] = {"security": _security(name, public), "keyed": keyed and method == "post"}
        super().register_views_in_doc(api, app, spec, name=name, parameters=parameters)


def _security(blueprint: str, public: bool) -> list[dict[str, list[str]]]:
    if public:
        return []
    if blueprint.startswith("console"):
        return [{"console_cookie": [], "csrf": []}]
    if blueprint.startswith("regulator"):
        return [{"regulator_cookie": [], "csrf": []}]
    return [{"worker_cookie": [], "csrf": []}, {"bearer": []}]


def _document_shared(operation: dict[str, Any], info: dict[str, Any], **_context: Any) -> dict[str, Any]:
    security: list[dict[str, list[str]]] = info["shared"]["security"]
    operation["security"] = security
    _merge_multipart(operation)
    responses = operation.setdefault("responses", {})
    responses.setdefault("429", "TOO_MANY_REQUESTS")
    responses.setdefault("default", "DEFAULT_ERROR")
    if security:
        responses.setdefault("401", "UNAUTHORIZED")
    if info["shared"]["keyed"]:
        operation.setdefault("parameters", []).append("IdempotencyKey")
    return operation


def _merge_multipart(operation: dict[str, Any]) -> None:
    """Files and fields of one form are one body; the library describes the second as a Swagger 2 parameter."""
    parameters = operation.get("parameters", [])
    for extra in [item for item in parameters if isinstance(item, dict) and item["in"] in ("formData", "files")]:
        parameters.remove(extra)
        (content,) = operation["requestBody"]["content"].values()
        merged = {"allOf": [content["schema"], extra["schema"]]}
        operation["requestBody"]["content"] = {"multipart/form-data": {"schema": merged}}


def init_api(app: Flask) -> PlatformApi:
    """The API object whose blueprints and specification the channels fill."""
    app.config.update(
        API_TITLE="工约 Gongyue API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": _DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        },
    )
    api = PlatformApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name)})
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    components.security_scheme("worker_cookie", {"type": "apiKey", "in": "cookie", "name": "gongyue_worker"})
    components.security_scheme("console_cookie", {"type": "apiKey", "in": "cookie", "name": "gongyue_console"})
    components.security_scheme("regulator_cookie", {"type": "apiKey", "in": "cookie", "name": "gongyue_regulator"})
    components.security_scheme("csrf", {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"})
    components.parameter(
        "IdempotencyKey", "header",
        {
            "name": "Idempotency-Key", "required": True,
            "description": "Same key and body: the stored answer. Same key, other body: 422.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
        },
    )  # fmt: skip
    return api


def specification(api: PlatformApi) -> dict[str, Any]:
    """The OpenAPI document, with every error code that exists now."""
    document: dict[str, Any] = api.spec.to_dict()
    problem = document.get("components", {}).get("schemas", {}).get("Problem")
    if problem is not None:
        problem["properties"]["code"]["enum"] = error_codes()
        problem["additionalProperties"] = True
    return document


def _schema_name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


_DESCRIPTION = (
    "电子劳动合同平台接口。所有错误均为 `application/problem+json`（RFC 9457），客户端只依据 `code` 判断。\n\n"
    "The open platform for electronic labour contracts. Every error is `application/problem+json` (RFC 9457); "
    "clients switch on `code` only."
)
