"""Who comes to the REST API: a key in the header, counted, and as far as it goes. Cookies grant nothing."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from silin.accounts.clients import Allowance, check_scope, count_call, find_client
from silin.accounts.models import Client, User

BEARER = "bearer"


class Asked(HttpRequest):
    """A request that the door let in."""

    auth: Client
    allowance: Allowance


class Bearer(HttpBearer):
    """The key of a client; of ``scopes`` it has to have one, where any are named."""

    openapi_description = "The key that the city gave, as `Authorization: Bearer silin_…`."

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Any:
        """The client. Raises ``Refused`` with 401, 403 or 429."""
        return self.authenticate(request, _key_of(request))

    def authenticate(self, request: HttpRequest, token: str) -> Client:
        """Find, count, and look how far the key goes: at most three statements."""
        now = timezone.now()
        client = find_client(token, now)
        cast(Asked, request).allowance = count_call(client, now)
        if self.scopes and not any(client.may(scope) for scope in self.scopes):
            check_scope(client, self.scopes[0])
        return client


def caller(request: Asked) -> User:
    """The account of whoever asks."""
    return request.auth.user


def _key_of(request: HttpRequest) -> str:
    scheme, _blank, key = request.headers.get("Authorization", "").strip().partition(" ")
    return key.strip() if scheme.lower() == BEARER else ""
