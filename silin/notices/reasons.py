"""Why a message did not go out, in words for whoever runs the machines, beside the code of the carrier."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words

REASONS: tuple[tuple[str, Words], ...] = (
    ("NoAddress", _("The person has no number or address for this, or their account is closed: telephone.")),
    ("TimeoutError", _("It took too long to answer: is the line or the carrier slow?")),
    (
        "cannot be reached|ConnectionRefused|gaierror|no route",
        _("It cannot be reached: look at the address in the settings and at the network."),
    ),
    (
        "answered 40[13]",
        _("It does not let us in: look at the key and the allowed addresses at the carrier."),
    ),
    ("answered 429", _("Too many at once for it: it is tried again more slowly.")),
    ("answered 5", _("It has trouble of its own: it is tried again.")),
    ("AMOUNT|BALANCE|BILL|ARREARS", _("The account at the carrier is empty: have it filled up.")),
    ("LIMIT|FREQUEN", _("Too many to this number or in this hour, says the carrier.")),
    ("TEMPLATE", _("The carrier has not approved this text under this number: look at the text templates.")),
    ("SIGN", _("The carrier does not accept the signature or the sender's name: look at the settings.")),
    ("MOBILE|PHONE", _("The carrier says that the number is none, or is blocked there.")),
    ("did not take", _("The carrier refused it; its handbook says what the code means.")),
    ("TemplateDoesNotExist", _("The words of this message are missing: tell whoever maintains Silin.")),
    ("SMTP", _("The mail server refused it: look at its address and password in the settings.")),
)


def reason_of(error: str) -> Words:
    """What ``Notice.last_error`` means; empty where nobody has put it into words."""
    return next((words for found, words in REASONS if re.search(found, error, re.IGNORECASE)), "")
