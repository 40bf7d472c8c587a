"""What is told about the assessment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.notices.kinds import Blank, NoticeKind

KINDS = [
    NoticeKind(
        "vetoes",
        _("Vetoes"),
        _("A veto on the grade of a place: declared, appealed against, decided."),
        ("veto_appealed", "veto_declared", "veto_lifted", "veto_upheld", "veto_withdrawn"),
        blanks=(
            Blank("place", _("name of the place"), _("Willow Lane Community")),
            Blank("year", _("year of the last month it counts for"), "2026", unsaid=True),
            Blank("month", _("number of that month"), "12", unsaid=True),
        ),
    )
]
