"""Systems of the stories, each with its key, and how they speak."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from silin.accounts.clients import SCOPES
from silin.accounts.models import Client
from silin.people.clients import AboutClient, make_client
from silin.people.models import Organisation
from silin.places.models import Place

API = "/api/v1"
ALL = tuple(SCOPES)


@dataclass
class System:
    """A system of others that speaks HTTP with its key."""

    client: Client
    key: str
    language: str = "zh-hans"

    def get(self, address: str, **query: Any) -> Any:
        """The answer to a question."""
        return Browser().get(f"{API}{address}", query, headers=self.headers)

    def post(self, address: str, sent: Any, *, once: object = None, **headers: str) -> Any:
        """The answer to something sent as JSON, under its own id where ``once`` is given."""
        key = {"Idempotency-Key": str(once)} if once else {}
        body = sent if isinstance(sent, str | bytes) else json.dumps(sent)
        headers = {**self.headers, **key, **headers}
        return Browser().post(f"{API}{address}", body, "application/json", headers=headers)

    def act(self, number: str, action: str, words: str = "", **fields: Any) -> Any:
        """Act on the matter as it stands now."""
        version = self.get(f"/matters/{number}").json()["version"]
        sent = {"action": action, "version": version, "words": words, "fields": fields}
        return self.post(f"/matters/{number}/actions", sent, once=uuid4())

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept-Language": self.language}


def system(
    name: str, kind: str, place: Place, *scopes: str, body: Organisation | None = None, **more: Any
) -> System:
    """A system that was let in, with all scopes unless some are named."""
    about = AboutClient(name, kind, place, scopes or ALL, organisation=body, **more)
    return System(*make_client(about, actor=None, now=timezone.now()))
