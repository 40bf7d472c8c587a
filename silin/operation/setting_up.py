"""Lines of the checklist about the installation: backup, text messages, e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from silin.lib.dates import day_words
from silin.lib.setting_up import Line
from silin.operation import queries
from silin.places.models import Place


def installation(city: Place, now: datetime) -> Iterator[Line]:
    """What an operator sees to; where it is done is a command or a setting, said in the line itself."""
    backup = queries.last_backup()
    days = (now - backup.taken_at).days if backup else 0
    yield Line(
        "backup",
        _("The last backup is %(days)s days old") % {"days": days}
        if backup
        else _("No backup was taken yet"),
        _("What is lost without a backup stays lost. Every night: silin backup FILE."),
        done=not queries.backup_is_old(now),
    )
    copied = queries.last_copy_of_keys()
    yield Line(
        "keys",
        _("The keys were copied on %(day)s") % {"day": day_words(localdate(copied.taken_at))}
        if copied
        else _("The keys have not been copied"),
        _("A lost key is lost phone numbers, and no backup holds it. Once, and after each new key: %(how)s.")
        % {"how": "silin keys copy FOLDER"},
        done=copied is not None,
    )
    yield from _messages()


def _messages() -> Iterator[Line]:
    sms = settings.SILIN_SMS_BACKEND != "console"
    yield Line(
        "sms",
        _("Text messages go to a carrier") if sms else _("Text messages are only printed"),
        _("Residents sign in by a code that is sent to their phone. The setting is SILIN_SMS_BACKEND."),
        done=sms,
    )
    tried = queries.last_sms_try()
    yield Line(
        "sms_tried",
        _("A text message went out to be tried on %(day)s") % {"day": day_words(localdate(tried.at))}
        if tried
        else _("No text message has been tried yet"),
        _("Only a message that arrives shows that address, key and texts at the carrier are right."),
        done=tried is not None,
        url=reverse("operation:operator"),
        door=_("The machines"),
        may="system.run",
    )
    mail = not settings.EMAIL_BACKEND.endswith("console.EmailBackend")
    yield Line(
        "email",
        _("E-mails go to a mail server") if mail else _("E-mails are only printed"),
        _("Staff get messages by e-mail. The setting is SILIN_EMAIL_URL."),
        done=mail,
    )


SET_UP = [installation]
