"""Text messages go where the setting says."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from silin.lib.sending import NotSent, find_transport, print_sms, send_sms

sent: list[tuple[str, str]] = []


def keep(phone: str, text: str) -> None:
    """A transport as an operator would write one."""
    if not text:
        raise NotSent("nothing to say")
    sent.append((phone, text))


def test_the_console_is_the_default_and_shows_no_whole_number(capsys: pytest.CaptureFixture[str]) -> None:
    send_sms("13812341234", "验证码 123456")
    assert capsys.readouterr().out == "SMS 138****1234: 验证码 123456\n"
    assert find_transport("console") is print_sms


def test_a_transport_named_by_its_path(settings: Settings) -> None:
    settings.SILIN_SMS_BACKEND = f"{__name__}.keep"
    send_sms("13812341234", "路灯修好了")
    assert sent == [("13812341234", "路灯修好了")]
    with pytest.raises(NotSent):
        send_sms("13812341234", "")


def test_a_transport_that_is_not_there(settings: Settings) -> None:
    settings.SILIN_SMS_BACKEND = "silin.lib.sending.no_such_transport"
    with pytest.raises(ImportError):
        send_sms("13812341234", "路灯修好了")
