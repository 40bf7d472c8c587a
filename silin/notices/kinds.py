"""Kinds of notices: what a person chooses about, declared by the rooms that write them.

``settings.NOTICE_KINDS`` lists the lists of ``NoticeKind`` of all rooms.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words
from silin.notices.models import Channel


@dataclass(frozen=True)
class Blank:
    """What notices of a kind fill in: its name, what it is, and an example.

    One that is ``unsaid`` is known of each of them, also where its own words do not say it.
    """

    name: str
    what: Words
    example: Words
    unsaid: bool = False


@dataclass(frozen=True)
class NoticeKind:
    """Notices about one thing, by the names of their words.

    ``by_default`` are the ways, beside the inbox, on which the room itself sends them; a person stops these
    and asks for others. Word of an ``urgent`` kind goes out at night and cannot be stopped. ``blanks`` are
    the parameters with which its room queues them. What goes ``alone`` is not gathered with other messages:
    its link leads to one thing.
    """

    code: str
    title: Words
    about: Words
    names: Collection[str]
    by_default: Collection[str] = ()
    urgent: bool = False
    blanks: Collection[Blank] = ()
    alone: bool = False


OTHERS = NoticeKind("", _("Everything that is not urgent"), "", (), (Channel.SMS, Channel.EMAIL))


def notice_kinds() -> list[NoticeKind]:
    """All kinds, in the order in which they are shown."""
    lists: list[list[NoticeKind]] = [import_string(path) for path in settings.NOTICE_KINDS]
    return list(chain.from_iterable(lists))


def kind_of(name: str) -> NoticeKind:
    """The kind of the notice called ``name``; ``OTHERS`` where no room has declared any."""
    return next((kind for kind in notice_kinds() if name in kind.names), OTHERS)
