"""What is told about matters, to whoever raised them and to whoever handles them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.notices.kinds import Blank, NoticeKind
from silin.notices.models import Channel

BLANKS = (
    Blank("title", _("what the matter is about"), _("The street light at building 3 is out")),
    Blank("number", _("number of the matter"), "K7QM-3XZP", unsaid=True),
)
KINDS = [
    NoticeKind(
        "raised",
        _("What I reported"),
        _("Somebody has it in hand, it has to wait, it is done or closed."),
        (
            "matter_accepted",
            "matter_answered",
            "matter_closed",
            "matter_commented",
            "matter_deferred",
            "matter_extended",
            "matter_merged",
            "matter_paused",
            "matter_recounted",
            "matter_split",
            "matter_unmerged",
        ),
        by_default=(Channel.SMS,),
        blanks=BLANKS,
    ),
    NoticeKind(
        "followed",
        _("What I follow"),
        _("Something I met too or follow is taken, done, closed or opened again."),
        (
            "followed_accepted",
            "followed_answered",
            "followed_closed",
            "followed_merged",
            "followed_reopened",
        ),
        blanks=BLANKS,
    ),
    NoticeKind(
        "work",
        _("What I have to do"),
        _("New for me, back with me, little time left."),
        (
            "matter_asked",
            "matter_assigned",
            "matter_counted_anew",
            "matter_declined",
            "matter_joined",
            "matter_lifted",
            "matter_merged_away",
            "matter_overdue",
            "matter_part_done",
            "matter_part_returned",
            "matter_part_waived",
            "matter_rated",
            "matter_rejected",
            "matter_reopened",
            "matter_replied",
            "matter_reply_overdue",
            "matter_report_overdue",
            "matter_reported_in",
            "matter_resumed",
            "matter_returned",
            "matter_sent_back",
            "matter_signed",
            "matter_supervised",
            "matter_to_sign",
            "matter_urged",
            "matter_warned",
            "matter_watched",
            "matter_whistled",
            "matter_withdrawn",
        ),
        blanks=BLANKS,
    ),
    NoticeKind(
        "linked",
        _("A link to what is new for my office"),
        _("For departments and contractors: it opens the one thing it is about, by a code sent to my phone."),
        ("part_link",),
        by_default=(Channel.SMS,),
        blanks=BLANKS,
        alone=True,
    ),
    NoticeKind(
        "shifts",
        _("Shift hand-over"),
        _("My desk is passed on to me, or somebody has taken it over from me."),
        ("handover_waits", "handover_taken"),
        blanks=(Blank("place", _("whose desk it is"), _("Willow Lane Street")),),
    ),
]
