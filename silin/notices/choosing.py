"""What may be sent to whom and when: what a person has stopped or asked for, quiet hours, gathering."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import NotFound, Refused
from silin.notices.kinds import kind_of, notice_kinds
from silin.notices.models import Channel, ChosenChannel, Notice

SALT = "notices.stop"
CHANNELS = (Channel.SMS, Channel.EMAIL)
ALL = ""  # instead of a kind: everything on a channel that is not urgent

Quiet = Callable[[User, datetime], datetime | None]
Gather = Callable[[User, datetime], int]
Rows = dict[tuple[str, str], bool]


def is_required(name: str) -> bool:
    """Whether a notice is sent whatever the person has stopped, and at night too."""
    return kind_of(name).urgent


def goes_alone(name: str) -> bool:
    """Whether a notice is never gathered with others into one message."""
    kind = kind_of(name)
    return kind.urgent or kind.alone


def quiet_until(notice: Notice, now: datetime) -> datetime | None:
    """When the night of the recipient's place ends; None when ``notice`` may go out now."""
    if is_required(notice.name) or not settings.QUIET_HOURS:
        return None
    ask: Quiet = import_string(settings.QUIET_HOURS)
    return ask(notice.recipient, now)


def gathered_until(user: User, channel: str, now: datetime) -> datetime | None:
    """Until when messages to ``user`` gather on ``channel``, because one has just gone out; None: not now."""
    if not settings.GATHER_MINUTES:
        return None
    ask: Gather = import_string(settings.GATHER_MINUTES)
    window = timedelta(minutes=ask(user, now))
    sent = Notice.objects.filter(recipient=user, channel=channel, sent_at__gt=now - window)
    alone = [name for kind in notice_kinds() if kind.urgent or kind.alone for name in kind.names]
    last = sent.exclude(name__in=alone).order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last + window if last else None


def chosen(user: User) -> Rows:
    """What ``user`` has said about kind and channel."""
    rows = ChosenChannel.objects.filter(user=user).values_list("kind", "channel", "wanted")
    return {(kind, channel): wanted for kind, channel, wanted in rows}


def is_wanted(rows: Rows, name: str, channel: str) -> bool:
    """Whether somebody who has chosen ``rows`` has not stopped the notice called ``name`` on ``channel``."""
    kind = kind_of(name)
    if kind.urgent:
        return True
    if not rows.get((ALL, channel), True):
        return False
    return rows.get((kind.code, channel), True)


def asked_for(users: Iterable[User]) -> set[tuple[object, str, str]]:
    """Who asked for which kind on a channel on which it does not come by itself: (user, kind, channel)."""
    rows = ChosenChannel.objects.filter(user__in=list(users))
    stopped = set(rows.filter(kind=ALL, wanted=False).values_list("user_id", "channel"))
    found = rows.exclude(kind=ALL).filter(wanted=True).values_list("user_id", "kind", "channel")
    return {(user, kind, channel) for user, kind, channel in found if (user, channel) not in stopped}


def choose(user: User, channel: str, *, kind: str = ALL, wanted: bool, now: datetime) -> None:
    """Stop ``kind`` (``ALL``: everything that is not urgent) on ``channel`` for ``user``, or have it sent.

    Raises ``Refused`` (``bad_channel``, ``bad_kind``, ``urgent``).
    """
    if channel not in CHANNELS:
        words = _("Messages on these pages cannot be stopped: nobody is disturbed by them.")
        raise Refused("bad_channel", words, field="channel")
    rows = ChosenChannel.objects.filter(user=user, channel=channel, kind=kind)
    if _by_default(kind, channel) and wanted:
        rows.delete()
    else:
        said = {"wanted": wanted, "chosen_at": now}
        ChosenChannel.objects.update_or_create(user=user, channel=channel, kind=kind, defaults=said)


def stop_link(user: User, channel: str, kind: str) -> str:
    """The address in a message by which its reader stops messages of ``kind`` without signing in."""
    signed = signing.dumps([str(user.pk), channel, kind], salt=SALT, compress=True)
    return reverse("notices:stop", args=[signed])


def read_stop_link(signed: str) -> tuple[User, str, str]:
    """Whose message it was, on which channel and of which kind. Raises ``NotFound``: not our link."""
    try:
        key, channel, kind = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    user = User.objects.filter(pk=key).first()
    if user is None:
        raise NotFound
    return user, channel, kind


def _by_default(code: str, channel: str) -> bool:
    if code == ALL:
        return True
    kind = next((kind for kind in notice_kinds() if kind.code == code), None)
    if kind is None:
        raise Refused("bad_kind", _("Please choose one of the kinds of messages."), field="kind")
    if kind.urgent:
        words = _("This cannot be stopped: it keeps others out of your account.")
        raise Refused("urgent", words, field="kind")
    return channel in kind.by_default
