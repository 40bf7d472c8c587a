"""What is told about the systems around."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.notices.kinds import Blank, NoticeKind

KINDS = [
    NoticeKind(
        "systems",
        _("Systems around"),
        _("A system of others could not be told what happens for three days."),
        ("webhook_stopped",),
        blanks=(Blank("client", _("name of the system"), _("City management platform")),),
    ),
]
