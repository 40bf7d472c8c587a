"""Text messages: one call, and behind it the transport that ``SILIN_SMS_BACKEND`` names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

from silin.lib.masking import mask_phone

Transport = Callable[[str, str], None]


class NotSent(Exception):
    """The transport did not take the message; it may be tried again later."""


@dataclass(frozen=True)
class CarrierTemplate:
    """How a carrier knows a text: under which number of theirs, and what goes into its blanks, in order."""

    number: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def send_sms(phone: str, text: str, *, name: str = "", params: Mapping[str, object] | None = None) -> None:
    """Hand ``text`` for ``phone`` (11 digits) to the transport.

    The setting is the word ``console``, the word ``http`` (``silin.lib.sms_over_http``, which also says the
    carrier's number of the text called ``name`` and the ``params`` in it) or the dotted path of a function
    (phone, text) that raises ``NotSent`` when it fails. Raises ``ImportError`` without such a function.
    """
    if settings.SILIN_SMS_BACKEND == "http":
        from silin.lib import sms_over_http

        sms_over_http.send(phone, text, find_template(name, params or {}))
        return
    transport: Transport = find_transport(settings.SILIN_SMS_BACKEND)
    transport(phone, text)


def find_template(name: str, params: Mapping[str, object]) -> CarrierTemplate:
    """What ``settings.SMS_TEMPLATES`` (a function of a higher room) knows of the text called ``name``."""
    find: Callable[[str, Mapping[str, object]], CarrierTemplate] = import_string(settings.SMS_TEMPLATES)
    return find(name, params)


def find_transport(name: str) -> Transport:
    """The transport of a setting. Raises ``ImportError`` when there is none of that name."""
    found: Transport = print_sms if name in ("console", "http") else import_string(name)
    return found


def print_sms(phone: str, text: str) -> None:
    """Show the message where the program was started, for development and demonstrations."""
    sys.stdout.write(f"SMS {mask_phone(phone)}: {text}\n")
    sys.stdout.flush()
