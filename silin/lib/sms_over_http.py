"""Text messages through any carrier that takes them by HTTP: what is sent, and how it answers, by settings.

``SILIN_SMS_BODY`` and ``SILIN_SMS_HEADERS`` are JSON with blanks: ``$phone``, ``$text``, ``$template`` (the
carrier's number of the text), ``$params`` (its values as a JSON object), ``$values`` (in order, parted by
commas), ``$time`` (seconds), ``$nonce`` and ``$signature``: HMAC-SHA256 over ``SILIN_SMS_SIGN`` with
``SILIN_SMS_SECRET``. ``SILIN_SMS_SUCCESS`` says by which part of the answer the carrier took it: ``code=0``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from string import Template
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request

from django.conf import settings

from silin.lib.outgoing import NotReached, ask
from silin.lib.sending import CarrierTemplate, NotSent

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,59}|-?[0-9]{1,6}")


def send(phone: str, text: str, template: CarrierTemplate) -> None:
    """Send one message. Raises ``NotSent`` with a short reason that holds neither number nor text."""
    blanks = _blanks(phone, text, template)
    said = _ask(_request(blanks))
    if not _is_taken(said):
        raise NotSent(f"the carrier did not take it: {_code_of(said, phone)}")


def taken_by(rule: str, said: str) -> bool:
    """Whether the answer ``said`` has what ``rule`` asks: ``code=0``, ``Set.0.Code=Ok`` or words."""
    path, equals, wanted = rule.partition("=")
    if not equals:
        return rule in said
    return _at(path, said) == wanted.strip()


def _at(path: str, said: str) -> str | None:
    try:
        found: Any = json.loads(said)
        for step in path.strip().split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, LookupError, TypeError):
        return None
    return str(found)


def _code_of(said: str, phone: str) -> str:
    """The carrier's code, from where it also says that it took a message: the rest of an answer may repeat
    the number and the text, which are not ours to keep or log."""
    path, equals, _wanted = settings.SILIN_SMS["success"].partition("=")
    code = _at(path, said) if equals else said.strip()
    return code if code and CODE.fullmatch(code) and phone not in code else "no code"


def _is_taken(said: str) -> bool:
    rule = settings.SILIN_SMS["success"]
    return not rule or taken_by(rule, said)


def _blanks(phone: str, text: str, template: CarrierTemplate) -> dict[str, str]:
    blanks = {
        "phone": phone,
        "text": text,
        "template": template.number,
        "params": json.dumps(dict(template.values), ensure_ascii=False),
        "values": ",".join(template.values.values()),
        "time": str(int(time.time())),
        "nonce": secrets.token_hex(8),
    }
    to_sign = Template(settings.SILIN_SMS["sign"]).safe_substitute(blanks)
    key = settings.SILIN_SMS["secret"].encode()
    blanks["signature"] = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return blanks


def _request(blanks: Mapping[str, str]) -> Request:
    chosen = settings.SILIN_SMS
    headers = {str(name): str(words) for name, words in _filled(chosen["headers"], blanks).items()}
    body = _filled(chosen["body"], blanks)
    is_form = "form" in headers.get("Content-Type", "")
    headers.setdefault("Content-Type", "application/json; charset=utf-8")
    data = urlencode(body).encode() if is_form else json.dumps(body, ensure_ascii=False).encode()
    if chosen["method"] == "GET":
        return Request(f"{chosen['url']}?{urlencode(body)}", headers=headers, method="GET")
    return Request(chosen["url"], data=data, headers=headers, method=chosen["method"])


def _filled(form: Any, blanks: Mapping[str, str]) -> Any:
    """The JSON with its blanks filled in; a text of somebody's cannot break out of its place."""
    if isinstance(form, dict):
        return {name: _filled(each, blanks) for name, each in form.items()}
    if isinstance(form, list):
        return [_filled(each, blanks) for each in form]
    return Template(form).safe_substitute(blanks) if isinstance(form, str) else form


def _ask(request: Request) -> str:
    try:
        answer = ask(request)
    except NotReached as error:
        raise NotSent(f"the carrier cannot be reached: {error}") from None
    if not answer.is_good:
        raise NotSent(f"the carrier answered {answer.status}")
    return answer.said
