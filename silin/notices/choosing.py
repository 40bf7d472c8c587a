"""What may be sent to whom and when: channels a person has stopped, and the quiet hours of the night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import NotFound, Refused
from silin.notices.models import Channel, Notice, StoppedChannel

SALT = "notices.stop"
STOPPABLE = (Channel.SMS, Channel.EMAIL)

Quiet = Callable[[User, datetime], datetime | None]


def is_required(name: str) -> bool:
    """Whether a notice is sent whatever the person has stopped, and at night too."""
    return name in settings.REQUIRED_NOTICES


def quiet_until(notice: Notice, now: datetime) -> datetime | None:
    """When the night of the recipient's place ends; None when ``notice`` may go out now."""
    if is_required(notice.name) or not settings.QUIET_HOURS:
        return None
    ask: Quiet = import_string(settings.QUIET_HOURS)
    return ask(notice.recipient, now)


def is_stopped(notice: Notice) -> bool:
    """Whether the recipient does not want it on its channel."""
    if is_required(notice.name):
        return False
    return StoppedChannel.objects.filter(user=notice.recipient, channel=notice.channel).exists()


def stopped(user: User) -> set[str]:
    """The channels that ``user`` has stopped."""
    return set(StoppedChannel.objects.filter(user=user).values_list("channel", flat=True))


def choose(user: User, channel: str, *, wanted: bool, now: datetime) -> None:
    """Stop ``channel`` for ``user`` or let it run again. Raises ``Refused`` (``bad_channel``)."""
    if channel not in STOPPABLE:
        words = _("Messages on these pages cannot be stopped: nobody is disturbed by them.")
        raise Refused("bad_channel", words, field="channel")
    if wanted:
        StoppedChannel.objects.filter(user=user, channel=channel).delete()
    else:
        StoppedChannel.objects.get_or_create(user=user, channel=channel, defaults={"stopped_at": now})


def stop_link(user: User) -> str:
    """The address in an e-mail by which its reader stops e-mails without signing in."""
    return reverse("notices:stop", args=[signing.dumps(str(user.pk), salt=SALT)])


def reader_of(signed: str) -> User:
    """Whose e-mail it was. Raises ``NotFound`` for a link that is not ours."""
    try:
        key = signing.loads(signed, salt=SALT)
    except signing.BadSignature as error:
        raise NotFound from error
    user = User.objects.filter(pk=key).first()
    if user is None:
        raise NotFound
    return user
