"""Whoever runs the machines reads what to do, not what a program said."""

from __future__ import annotations

import pytest

from silin.notices.models import Notice


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotSent: the carrier did not take it: isv.BUSINESS_LIMIT_CONTROL", "太多"),
        ("NotSent: the carrier did not take it: isv.AMOUNT_NOT_ENOUGH", "余额"),
        ("NotSent: the carrier did not take it: isv.SMS_TEMPLATE_ILLEGAL", "模板"),
        ("NotSent: the carrier did not take it: FailedOperation.SignatureIncorrectOrUnapproved", "签名"),
        ("NotSent: the carrier did not take it: isv.MOBILE_NUMBER_ILLEGAL", "号码"),
        ("NotSent: the carrier did not take it: 4012", "代码"),
        ("NotSent: the carrier answered 403", "密钥"),
        ("NotSent: the carrier answered 503", "再发"),
        ("NotSent: the carrier cannot be reached: TimeoutError", "太久"),
        ("NotSent: the carrier cannot be reached: URLError", "连不上"),
        ("NoAddress: ", "打电话"),
        ("SMTPAuthenticationError: 535", "邮件服务器"),
    ],
)
def test_reasons(error: str, words: str) -> None:
    assert words in str(Notice(last_error=error).why)
    assert Notice(last_error="").why == ""
