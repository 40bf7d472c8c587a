"""Acting through the link of a message: a code to the person's own phone opens the one part, nothing else.

Whoever comes this way is not signed in. The browser keeps which link it has opened, for a working day; each
page and each deed asks anew whether the part, the post and the account are still what they were.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from silin.accounts import actions as accounts
from silin.accounts import limits, tokens
from silin.accounts.signing_in import address_of
from silin.lib.refusal import Refused
from silin.matters.deeds import By, Deed, verb
from silin.matters.linking import Part
from silin.people.models import Post

VIA = "link"
CODE = "part_code"
OPENED = "parts_opened"  # in the session: which links were opened here, when, in which state of the account
LASTS = timedelta(hours=8)
MAY = ("accept", "take_part", "report_in", "answer", "finish", "return", "step_back")
"""All that may be done through a link."""


@verb("open_link")
def open_link(deed: Deed, post: Post) -> None:
    """Open the link from the message: whoever was called has shown their phone."""
    deed.post = post
    deed.move(deed.before)


def count_stray(request: HttpRequest, now: datetime) -> None:
    """Count a link that leads nowhere. Raises ``Refused`` (``too_many``: sixty an hour from one address)."""
    limits.count(f"part link from {address_of(request)}", 60, timedelta(hours=1), now)


def send_code(request: HttpRequest, part: Part, now: datetime) -> None:
    """Send a code to the phone of whom the link is for; no other number is asked for or taken.

    Raises ``Refused`` (``no_phone``; as ``accounts.actions.send_code``). Not to be called in a transaction.
    """
    accounts.send_code(_phone(part), address=address_of(request), now=now, purpose=CODE)


def enter(request: HttpRequest, part: Part, code: str, now: datetime) -> None:
    """Open the part in this browser, for whoever typed the code; it stands in the history.

    Raises ``Refused`` (``no_phone``; as ``accounts.tokens.redeem_typed``). Not to be called in a transaction.
    """
    _phone(part)
    tokens.redeem_typed(CODE, code, subject=str(part.user.phone_hash), address=address_of(request), now=now)
    open_link(part.matter, By(part.user, now, via=VIA), post=part.post)
    if not request.user.is_authenticated:
        request.session.cycle_key()
    opened = request.session.get(OPENED, {})
    opened[str(part.token.pk)] = {"at": now.isoformat(), "account": part.user.get_session_auth_hash()}
    request.session[OPENED] = opened


def is_open(request: HttpRequest, part: Part, now: datetime) -> bool:
    """Whether this browser has opened it today, and nobody has ended the person's sessions since."""
    opened = request.session.get(OPENED, {}).get(str(part.token.pk))
    at = parse_datetime(opened["at"]) if opened else None
    if at is None or now - at >= LASTS:
        return False
    return constant_time_compare(opened["account"], part.user.get_session_auth_hash())


def leave(request: HttpRequest, part: Part) -> None:
    """Forget it in this browser."""
    opened = request.session.get(OPENED, {})
    opened.pop(str(part.token.pk), None)
    request.session[OPENED] = opened


def _phone(part: Part) -> str:
    if not part.user.phone:
        raise Refused("no_phone", _("No mobile number stands in your account. Please sign in at a desk."))
    return str(part.user.phone)
