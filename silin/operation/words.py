"""The numbers a city may change, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words

NUMBERS: dict[str, Words] = {
    "accounts.away_hours": _("Hours after which a locked desk signs out"),
    "accounts.desk_hours": _("Hours that a desk stays signed in at most (0: as long as others)"),
    "accounts.idle_minutes": _("Minutes until an unattended desk locks (0: never)"),
    "accounts.phone_days": _("Days that a worker's phone stays signed in at most"),
    "imports.undo_days": _("Days in which a file that was brought in can be taken back"),
    "bad_review.call_hours": _("Working hours within which somebody who gave a bad review is called"),
    "bad_review.rectify_days": _("Working days until a bad review is put right and answered"),
    "dispute.confirm_days": _("Days in which both sides may ask a court to confirm an agreement"),
    "dispute.confirm_warn_days": _("Days before that at which they are reminded"),
    "dispute.visit_days": _("Days after an agreement until somebody goes and sees"),
    "assessment.excellent_from": _("Points from which a place counts as excellent"),
    "assessment.publish_on_day": _("Day of the next month on which a month's figures become final"),
    "assessment.rank_from": _("Points that must be countable for a place to be ranked"),
    "assessment.standard_from": _("Points from which a place reaches the standard"),
    "assessment.survey_pull": _("Answers that the mean of the level above weighs in a survey"),
    "assessment.veto_on": _("Vetoes on a grade: 1 on, 0 off; the city names its legal basis with each"),
    "matters.contact_hours": _("Working hours within which the raiser is spoken with"),
    "matters.defer_days": _("Days at most until a day of review"),
    "matters.escalate_days": _("Working days until an overdue matter goes one level up"),
    "matters.look_back_days": _("Days after which somebody looks again at a supervised matter"),
    "matters.map_weeks": _("Weeks that something done stays on the public map"),
    "matters.pause_days": _("Working days a matter may be on hold"),
    "matters.redo_days": _("Working days for doing it again"),
    "matters.reopen_days": _("Days in which a closed matter can be opened again"),
    "matters.report_hours": _("Working hours within which a whistled department comes"),
    "matters.returns_at_most": _("Returns after which the level above decides"),
    "matters.review_days": _("Days in which a matter can be reviewed"),
    "matters.similar_at_most": _("How many open matters are offered instead of a new one"),
    "matters.similar_metres": _("How near they are at most, in metres"),
    "matters.similar_weeks": _("How many weeks ago they were raised at most"),
    "matters.urge_hours": _("Hours between two times that one person asks for speed"),
    "matters.verify_days": _("Days in which somebody looks at an answer"),
    "matters.warn_share": _("Share of the time after which a matter turns yellow"),
    "notices.gather_minutes": _("Minutes in which further messages gather after one"),
    "notices.quiet_from": _("Hour from which messages wait for the morning"),
    "notices.quiet_until": _("Hour until which messages wait"),
    "people.request_days": _("Days in which an office answers a request about data"),
    "rectification.handle_days": _("Working days until a rectification is done, where no day is set"),
    "rectification.look_back_days": _("Days after which somebody looks back at what was struck off"),
    "rectification.look_back_periods": _("Months or quarters after which a figure is measured again"),
    "rectification.look_remind_days": _("Days after which a late look back is asked for again"),
    "places.old_estate_before": _("An estate built before this year is an old one"),
    "places.sliver_m2": _("Square metres below which a gap between grids is not counted"),
}
