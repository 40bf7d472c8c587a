"""Text messages: one call, and behind it the transport that ``SILIN_SMS_BACKEND`` names."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from silin.lib.masking import mask_phone

Transport = Callable[[str, str], None]


class NotSent(Exception):
    """The transport did not take the message; it may be tried again later."""


def send_sms(phone: str, text: str) -> None:
    """Hand ``text`` for ``phone`` (11 digits) to the transport.

    The setting is the word ``console`` or the dotted path of a function of the same two arguments that raises
    ``NotSent`` when it fails. Raises ``ImportError`` when there is no such function.
    """
    transport: Transport = find_transport(settings.SILIN_SMS_BACKEND)
    transport(phone, text)


def find_transport(name: str) -> Transport:
    """The transport of a setting. Raises ``ImportError`` when there is none of that name."""
    found: Transport = print_sms if name == "console" else import_string(name)
    return found


def print_sms(phone: str, text: str) -> None:
    """Show the message where the program was started, for development and demonstrations."""
    sys.stdout.write(f"SMS {mask_phone(phone)}: {text}\n")
    sys.stdout.flush()
