"""The guide for those who are told: its example is a real message, its check knows true from false."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from silin.exchange.actions import make_webhook
from silin.exchange.jobs import tell_systems
from silin.exchange.tests.receiver import listening
from silin.exchange.tests.test_telling import Here

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.S)


@pytest.mark.django_db
def test_the_examples_are_true() -> None:
    here, told = Here(), dict[str, Any]()
    exec(blocks("python")[0], told)  # the guide's own code
    is_from_silin = told["is_from_silin"]
    with listening() as receiver:
        secret = make_webhook(here.light, receiver.url, actor=here.sun, now=here.now).secret
        here.whistled()
        tell_systems(here.now)
    head, body = receiver.heads[1], receiver.bodies[1]
    example = json.loads(blocks("json")[0])
    said = json.loads(body)
    assert (said.keys(), said["data"].keys()) == (example.keys(), example["data"].keys())
    assert said["type"] == example["type"]
    assert is_from_silin(secret, head, body)
    assert not is_from_silin(secret, head, body.replace(b"whistle", b"release"))
    assert not is_from_silin(secret, {**head, "webhook-id": receiver.ids[0]}, body)
    assert not is_from_silin(secret, {**head, "webhook-timestamp": "1"}, body)
    assert not is_from_silin("whsec_AAAA", head, body)
