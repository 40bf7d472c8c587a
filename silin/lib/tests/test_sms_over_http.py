"""Text messages over real HTTP: a carrier that takes them, is slow, ill, refuses or talks nonsense."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from silin.lib import outgoing, sms_over_http
from silin.lib.sending import CarrierTemplate, NotSent

PHONE = "13912341234"
TEXT = '您的验证码：123456。"引号"与\\反斜杠'


class Carrier(ThreadingHTTPServer):
    """A carrier's server on a free port: what it got, and what it will answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.got: list[tuple[str, dict[str, str], str]] = []
        self.status, self.answer, self.waits = 200, '{"code": 0}', 0.0
        self.url = f"http://127.0.0.1:{self.server_address[1]}/send"


class Desk(BaseHTTPRequestHandler):
    server: Carrier

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.got.append((self.path, dict(self.headers), body))
        time.sleep(self.server.waits)
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url + "/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer.encode("utf-8", "surrogatepass"))

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def carrier(settings: Settings) -> Iterator[Carrier]:
    server = Carrier()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.SILIN_SMS_BACKEND = "http"
    settings.SILIN_SMS = {
        "url": server.url,
        "method": "POST",
        "headers": {"X-Signature": "$signature", "X-Time": "$time"},
        "body": {"to": ["$phone"], "text": "$text", "template": "$template", "params": "$params", "n": 1},
        "secret": "shared",
        "sign": "$time$phone",
        "success": "code=0",
    }
    yield server
    server.shutdown()
    server.server_close()


def test_a_message_arrives_whole_and_signed(carrier: Carrier) -> None:
    sms_over_http.send(PHONE, TEXT, CarrierTemplate("SMS_77", {"code": "123456"}))
    _path, headers, body = carrier.got[0]
    told = json.loads(body)
    assert told == {
        "to": [PHONE],
        "text": TEXT,
        "template": "SMS_77",
        "params": json.dumps({"code": "123456"}),
        "n": 1,
    }
    expected = hmac.new(b"shared", f"{headers['X-Time']}{PHONE}".encode(), hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == expected
    assert abs(int(headers["X-Time"]) - time.time()) < 60


def test_as_a_form_and_in_the_address(carrier: Carrier, settings: Settings) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    settings.SILIN_SMS |= {"headers": form, "body": {"m": "$phone", "c": "$text", "v": "$values"}}
    sms_over_http.send(PHONE, TEXT, CarrierTemplate("1", {"a": "x", "b": "y"}))
    assert parse_qs(carrier.got[0][2]) == {"m": [PHONE], "c": [TEXT], "v": ["x,y"]}
    settings.SILIN_SMS |= {"method": "GET"}
    sms_over_http.send(PHONE, "$phone stays", CarrierTemplate())
    assert parse_qs(urlsplit(carrier.got[1][0]).query)["c"] == ["$phone stays"]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, '{"code": 0}'),
        (403, "no"),
        (302, '{"code": 0}'),
        (200, '{"code": 4012, "msg": "13912341234 is on no list"}'),
        (200, "<html>welcome</html>"),
        (200, ""),
        (200, '{"code": {"deep": 0}}'),
        (200, "[1, 2"),
        (200, '{"code": "13912341234"}'),
        (200, '{"code": "登录验证码 123456"}'),
    ],
)
def test_what_the_carrier_did_not_take_is_said_without_the_number(
    carrier: Carrier, status: int, answer: str
) -> None:
    carrier.status, carrier.answer = status, answer
    with pytest.raises(NotSent) as error:
        sms_over_http.send(PHONE, TEXT, CarrierTemplate())
    assert PHONE not in str(error.value)
    assert "123456" not in str(error.value)
    assert ("4012" in str(error.value)) == ("4012" in answer)
    assert len(carrier.got) == 1


def test_a_slow_carrier_is_not_waited_for(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "PATIENCE", 0.2)
    carrier.waits = 1.0
    begun = time.monotonic()
    with pytest.raises(NotSent):
        sms_over_http.send(PHONE, TEXT, CarrierTemplate())
    assert time.monotonic() - begun < 0.9


def test_nobody_there(settings: Settings, carrier: Carrier) -> None:
    settings.SILIN_SMS |= {"url": "http://127.0.0.1:9/"}
    with pytest.raises(NotSent):
        sms_over_http.send(PHONE, TEXT, CarrierTemplate())


@pytest.mark.parametrize(
    ("rule", "said", "taken"),
    [
        ("code=0", '{"code": "0"}', True),
        ("SendStatusSet.0.Code=Ok", '{"SendStatusSet": [{"Code": "Ok"}]}', True),
        ("SendStatusSet.1.Code=Ok", '{"SendStatusSet": [{"Code": "Ok"}]}', False),
        ("OK", "OK,20261127", True),
        ("OK", "error", False),
    ],
)
def test_rules_of_success(rule: str, said: str, taken: bool) -> None:
    assert sms_over_http.taken_by(rule, said) is taken
