"""What is told about posts, and about the account itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.notices.kinds import Blank, NoticeKind

PLACE = Blank("place", _("name of the place"), _("Willow Lane Community"))
KINDS = [
    NoticeKind(
        "posts",
        _("My posts"),
        _("A post that I get or stand in for, and what a leaver left open."),
        ("post_given", "post_left", "post_stand_in", "post_vacant", "rights_separated"),
        blanks=(PLACE, Blank("post", _("name of the post"), _("grid worker"))),
    ),
    NoticeKind(
        "account",
        _("My account"),
        _("A changed password, a new device, a second factor: these keep others out and cannot be stopped."),
        (
            "data_request",
            "data_request_done",
            "data_request_refused",
            "entry_deleted",
            "invited",
            "new_device",
            "password_changed",
            "password_link",
            "recovery_codes_made",
            "second_factor_reset",
            "second_factor_set_up",
            "sessions_ended",
        ),
        urgent=True,
        blanks=(
            PLACE,
            Blank("name", _("whom it is written to"), _("Wang Lin")),
            Blank("person", _("whom it is about"), _("Wang Lin")),
            Blank("actor", _("who did it"), _("Zhou Min")),
            Blank("device", _("which device"), _("Chrome on Windows")),
            Blank("reason", _("why it was done"), _("lost the phone")),
        ),
    ),
]
