"""Who may mediate near a dispute, and the live list of disputes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.timezone import localdate

from silin.accounts.models import User
from silin.kinds.dispute.actions import KEY
from silin.kinds.dispute.models import Risk
from silin.matters.models import OPEN, Matter, MatterQuerySet
from silin.people.models import Holding, Post, Team
from silin.places.levels import Level

MEDIATE = (
    "mediator",
    "police_officer",
    "judge",
    "prosecutor",
    "lawyer",
    "legal_adviser",
    "legal_helper",
    "building_head",
    "grid_worker",
    "grid_leader",
    "community_secretary",
)
"""Who may sit at the table: the mediator, 三官一律, advisers and helpers, the building's head, the grid."""


def mediators_near(matter: Matter) -> list[Post]:
    """The staffed posts round the matter that may mediate, and the building heads inside its grid."""
    near = Q(place__in=matter.place.path_ids) | Q(
        place__path__gte=matter.place.path, place__path__lt=matter.place.path + "a"
    )
    staffed = Holding.objects.current(localdate()).values("post")
    rows = Post.objects.filter(near, kind__in=MEDIATE, pk__in=staffed)
    found = rows.select_related("kind", "place", "organisation", "building__estate")
    return sorted(found, key=lambda post: (MEDIATE.index(post.kind_id), post.place.path, post.serial))


def rooms_near(matter: Matter) -> list[Team]:
    """The mediation rooms and teams (such as the five elders) of the community round the matter."""
    teams = Team.objects.filter(place__in=matter.place.path_ids, kind=Team.Kind.MEDIATION)
    return list(teams.active(localdate()).order_by("name"))


def in_sight(user: User, *, ended: bool) -> MatterQuerySet:
    """The disputes at the desks of ``user``: the open ones, or those that ended."""
    rows = Matter.objects.worked_by(user).filter(kind=KEY)
    rows = rows.exclude(state__in=OPEN) if ended else rows.filter(state__in=OPEN)
    gravest = Case(
        When(dispute__risk=Risk.RED, then=Value(0)),
        When(dispute__risk=Risk.YELLOW, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.with_names().select_related("dispute").annotate(gravest=gravest)


@dataclass(frozen=True)
class Tally:
    """How many ended without leaving the community, of how many; and what is open, by risk."""

    here: int
    ended: int
    red: int
    yellow: int
    green: int


def tally(user: User) -> Tally:
    """The numbers over the list, in one statement."""
    low = [Level.COMMUNITY, Level.GRID, Level.MICRO_GRID]
    is_open = Q(state__in=OPEN)
    counted = (
        Matter.objects.worked_by(user)
        .filter(kind=KEY)
        .aggregate(
            here=Count("pk", filter=Q(state="closed", holder__place__level__in=low)),
            ended=Count("pk", filter=Q(state="closed")),
            **{risk: Count("pk", filter=is_open & Q(dispute__risk=risk)) for risk in Risk.values},
        )
    )
    return Tally(**counted)
