"""The REST API at ``/api/v1``: the document, the routers, one shape of refusals. It has no rules itself."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from silin.accounts.clients import Allowance
from silin.fronts.open.rest import feeding, figures, ground, reading, writing
from silin.fronts.open.rest.breaking import answer_all
from silin.lib.programs import JSON, refusal_of
from silin.lib.refusal import Refused

DESCRIPTION = """What systems of others do with the matters of a city: raise, read, act, review, listen.

Each comes in with a key (`Authorization: Bearer silin_…`) that the city gives at `/desk/clients/`; what it
may do follows from the post it comes in by, narrowed by the scopes of the key. Every refusal has one shape,
its message comes in the language of `Accept-Language`. Send `Idempotency-Key` (a UUID) with whatever changes
something: sent again, it is done once.
"""


class PlainJson(Parser):
    """Reads JSON and nothing else, without what no text may hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What was sent. Raises ``Refused`` (``bad_type``, ``bad_json``)."""
        if request.content_type != JSON:
            raise refusal_of(415)
        try:
            return _plain(json.loads(request.body, parse_constant=_no_number))
        except (ValueError, RecursionError) as error:
            raise Refused("bad_json", _("That is not JSON.")) from error


class Document(OpenAPISchema):
    """The OpenAPI document; of each call it says which scopes open it, one of those that are named."""

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """One way in for each scope that will do; any key where none is named."""
        ways = super().operation_security(operation)
        scopes = [scope for door in operation.auth_callbacks for scope in getattr(door, "scopes", ())]
        return [{name: [scope]} for each in ways or [] for name in each for scope in scopes] or ways


class Api(NinjaAPI):
    """The API; each answer says how many calls are left."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document."""
        return Document(self, path_prefix or self.get_root_path(path_params or {}))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """By which name a generated client calls it."""
        return operation.view_func.__name__

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """The answer with the headers of the limit, and kept by no cache."""
        answer = super().create_response(request, data, **options)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            answer["RateLimit-Limit"] = str(allowance.limit)
            answer["RateLimit-Remaining"] = str(allowance.left)
            answer["RateLimit-Reset"] = str(allowance.seconds)
        answer["Cache-Control"] = "no-store"
        return answer


def _no_number(word: str) -> None:
    raise ValueError(word)


def _plain(value: Any) -> Any:
    """``value`` without NUL and halves of signs, which no database keeps."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {_plain(name): _plain(each) for name, each in value.items()}
    return value


api = Api(
    title="Silin",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    parser=PlainJson(),
    urls_namespace="open:api",
)
for _router in (reading.router, writing.router, ground.router, feeding.router, figures.router):
    api.add_router("", _router)
answer_all(api)
