"""What is told about disputes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.notice_kinds import BLANKS
from silin.notices.kinds import NoticeKind
from silin.notices.models import Channel

KINDS = [
    NoticeKind(
        "disputes",
        _("Disputes"),
        _("A meeting, an agreement, a day that comes."),
        (
            "dispute_arranged",
            "dispute_broke",
            "dispute_confirm",
            "dispute_graded",
            "dispute_look",
            "dispute_settled",
            "dispute_visit",
        ),
        by_default=(Channel.SMS,),
        blanks=BLANKS,
    )
]
