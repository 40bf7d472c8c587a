"""What is told about rectifications."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.notice_kinds import BLANKS
from silin.notices.kinds import NoticeKind

KINDS = [
    NoticeKind(
        "rectifications",
        _("Rectifications"),
        _("Set, planned, to be checked, struck off, the day to look back."),
        (
            "rectification_applied",
            "rectification_called_off",
            "rectification_fell_back",
            "rectification_holds",
            "rectification_look",
            "rectification_planned",
            "rectification_raised",
            "rectification_set",
            "rectification_struck_off",
            "rectification_turned_down",
        ),
        blanks=BLANKS,
    )
]
