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

LINKS = {news.PASSWORD_LINK: passwords.FORGOTTEN, news.NEW_DEVICE: "/me/sessions/"}


@transaction.atomic
def tell(user: User, name: str, params: Mapping[str, str], now: datetime) -> None:
    """Note down and send what ``accounts.news`` calls ``name``; asking for a link changes nothing yet."""
    if name != news.PASSWORD_LINK:
        User.objects.select_for_update().get(pk=user.pk)
        record(subject=f"user:{user.pk}", action=name, actor=user, now=now)
    link = LINKS.get(name, "")
    queue([Message(name, user, params, link, channel) for channel in _channels(user, name)], now=now)


def _channels(user: User, name: str) -> list[str]:
    """A link goes to the mailbox alone; a new device is no news to the phone that had the code for it."""
    if name == news.PASSWORD_LINK:
        return [Channel.EMAIL]
    found = [str(Channel.INBOX)]
    if user.email:
        found.append(Channel.EMAIL)
    if user.phone and name != news.NEW_DEVICE:
        found.append(Channel.SMS)
    return found
