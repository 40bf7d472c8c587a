"""A resident's report (群众反映): anybody raises it, the grid handles it, the raiser looks at the result."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.kind import Kind

KIND = Kind(
    key="report",
    title=_("Report"),
    ladder=(
        "grid_worker",
        "grid_leader",
        "community_desk",
        "community_secretary",
        "street_duty",
        "county_duty",
        "city_admin",
    ),
    raised_by=frozenset({"anyone", "system"}),
    proof=True,
    verified_by=frozenset({"raiser", "post"}),
    reviewed=True,
    in_league=True,
)
