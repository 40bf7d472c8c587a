"""What is told about posts, and about the account itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.notices.kinds import NoticeKind

KINDS = [
    NoticeKind(
        "posts",
        _("My posts"),
        _("A post that I get or stand in for, and what a leaver left open."),
        ("post_given", "post_left", "post_stand_in", "post_vacant", "rights_separated"),
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
    ),
]
