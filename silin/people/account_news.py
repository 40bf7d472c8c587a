"""What changed about an account: one line in the book of deeds, and word to its person on every way there is.

Whoever changes somebody's sign-in in their place is seen by it, also where they have taken the mailbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from silin.accounts import news, passwords
from silin.accounts.models import User
from silin.history.actions import record
from silin.notices.actions import Message, queue
from silin.notices.models import Channel

ELSEWHERE = {news.PASSWORD_LINK: (Channel.INBOX, Channel.SMS), news.NEW_DEVICE: (Channel.SMS,)}
"""A link goes to the mailbox alone; a new device is no news to the phone that had the code for it."""
LINKS = {news.PASSWORD_LINK: passwords.FORGOTTEN, news.NEW_DEVICE: "/me/sessions/"}


@transaction.atomic
def tell(user: User, name: str, params: Mapping[str, str], now: datetime) -> None:
    """Note down and send what ``accounts.news`` calls ``name``; asking for a link changes nothing yet."""
    if name != news.PASSWORD_LINK:
        User.objects.select_for_update().get(pk=user.pk)
        record(subject=f"user:{user.pk}", action=name, actor=user, now=now)
    told = on_every_way(user, name, params, LINKS.get(name, ""))
    queue([each for each in told if each.channel not in ELSEWHERE.get(name, ())], now=now)


def on_every_way(user: User, name: str, params: Mapping[str, str], link: str = "") -> list[Message]:
    """The message called ``name`` for the inbox, and for mailbox and phone where ``user`` has them."""
    ways = [str(Channel.INBOX)]
    if user.email:
        ways.append(Channel.EMAIL)
    if user.phone_hash:
        ways.append(Channel.SMS)
    return [Message(name, user, params, link, way) for way in ways]
