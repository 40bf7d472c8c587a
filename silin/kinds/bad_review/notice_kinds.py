"""What is told about bad reviews."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.notice_kinds import BLANKS
from silin.notices.kinds import NoticeKind

KINDS = [
    NoticeKind(
        "bad_reviews",
        _("Bad reviews"),
        _("Something is to be put right, an appeal waits, one is to be watched."),
        (
            "bad_review_answered",
            "bad_review_appealed",
            "bad_review_decided",
            "bad_review_ordered",
            "bad_review_put_right",
            "bad_review_raised",
        ),
        blanks=BLANKS,
    )
]
