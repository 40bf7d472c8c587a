"""Headers of every answer, proxies that may be believed, and what the log must not say."""

from __future__ import annotations

import json
import logging
from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from pytest_django import Settings

from silin.logs import Json, Plain, RequestLogMiddleware, say_path
from silin.security import HeadersMiddleware, ProxyMiddleware, TextGZipMiddleware


def _told(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {request.scheme}")


@pytest.mark.parametrize(
    ("remote", "chain", "seen"),
    [
        ("10.0.0.5", "203.0.113.7", "203.0.113.7 https"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.7", "203.0.113.7 https"),
        ("10.0.0.5", "203.0.113.7, 10.0.0.6", "203.0.113.7 https"),
        ("10.0.0.5", "drop table", "10.0.0.5 https"),
        ("10.0.0.5", "", "10.0.0.5 https"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9 http"),
    ],
)
def test_only_our_proxies_are_believed(settings: Settings, remote: str, chain: str, seen: str) -> None:
    settings.SILIN_TRUSTED_PROXIES = (ip_network("10.0.0.0/24"),)
    headers = {"x-forwarded-for": chain, "x-forwarded-proto": "https"}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    answer = ProxyMiddleware(_told)(request)
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == seen
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_every_answer_is_closed_to_inline_code() -> None:
    answer = HeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer["Cache-Control"] == "no-cache, private"


def test_headers_of_a_real_answer(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Content-Security-Policy" in answer


def test_the_log_has_a_line_a_request(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().post(
        "/report/?phone=13812341234", {"words": "张三"}, REMOTE_ADDR="203.0.113.7"
    )
    with caplog.at_level(logging.INFO, "silin.request"):
        RequestLogMiddleware(lambda request: HttpResponse(status=201))(request)
    [record] = caplog.records
    plain, said = Plain().format(record), json.loads(Json().format(record))
    assert " INFO POST /report/ 201 " in plain
    assert said.items() >= {"method": "POST", "path": "/report/", "status": 201, "level": "info"}.items()
    assert said["ms"] >= 0
    for word in ("13812341234", "138****", "phone", "张三", "203.0.113.7"):
        assert word not in plain + json.dumps(said, ensure_ascii=False)


def test_the_log_knows_no_tokens() -> None:
    known = RequestFactory().get("/r/c2VjcmV0LXNlY3JldC1zZWNyZXQ/")
    known.resolver_match = ResolverMatch(_told, (), {"token": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"})
    assert say_path(known) == "/r/…/"
    numbered = RequestFactory().get("/m/K7QM3XZP/")
    numbered.resolver_match = ResolverMatch(_told, (), {"number": "K7QM3XZP"})
    assert say_path(numbered) == "/m/K7QM3XZP/"
    assert say_path(RequestFactory().get("/r/c2VjcmV0LXNlY3JldC1zZWNyZXQ")) == "/r/…"


def test_a_failure_is_one_line_of_json_with_its_traceback() -> None:
    try:
        raise ValueError("no")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("silin", logging.ERROR, __file__, 1, "it %s", ("broke",), info)
    line = Json().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "it broke"
    assert "ValueError: no" in json.loads(line)["error"]
    assert "ValueError: no" in Plain().format(record)


@pytest.mark.parametrize(
    ("content_type", "size", "packed"),
    [
        ("text/html; charset=utf-8", 5000, True),
        ("application/geo+json", 5000, True),
        ("image/jpeg", 5000, False),
        ("text/html; charset=utf-8", 20, False),
    ],
)
def test_texts_travel_packed(content_type: str, size: int, packed: bool) -> None:
    answer = HttpResponse("四邻" * size, content_type=content_type)
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    TextGZipMiddleware(lambda request: answer).process_response(request, answer)
    assert ("Content-Encoding" in answer) is packed
