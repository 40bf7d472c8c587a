"""What a grid worker found (网格员发现): a leader or a desk takes it, and a post looks at the result."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.kind import Kind

KIND = Kind(
    key="finding",
    title=_("Finding"),
    ladder=(
        "grid_leader",
        "community_desk",
        "community_secretary",
        "street_duty",
        "county_duty",
        "city_admin",
    ),
    raised_by=frozenset({"worker"}),
    proof=True,
    verified_by=frozenset({"raiser", "post"}),
    in_league=True,
)
