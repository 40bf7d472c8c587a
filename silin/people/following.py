"""What becomes of people when the territory is drawn anew."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from silin.people.models import Post, Resident, Team
from silin.places.models import Place
from silin.places.paths import Consequence, Followed


def follow(told: Followed) -> list[Consequence]:
    """Whoever lives in a building that has another grid now lives in that grid, and its building head goes
    along. What a closed grid had, its posts with those who hold them and its teams, goes to the one after it.
    """
    moved = 0
    for building, grid in told.buildings.items():
        moved += Resident.objects.filter(building=building).update(place=grid)
        Post.objects.filter(building=building).update(place=grid)
    for old, new in told.heirs:
        moved += Resident.objects.filter(place=old).update(place=new)
        _move_teams(old, new)
    seats = [words for old, new in told.heirs for words in _move_posts(old, new)]
    return [*_said_of_residents(moved), *seats]


def _said_of_residents(n: int) -> list[Consequence]:
    message = _("Residents with an account in another grid: %(n)s.")
    return [Consequence("residents", n, message % {"n": n})] if n else []


def _move_posts(old: Place, new: Place) -> Sequence[Consequence]:
    """The seats of a closed place; those of a kind that does not belong to the level of the next one stay."""
    said: list[Consequence] = []
    rows = Post.objects.open().filter(place=old, building=None, kind__level=new.level).select_related("kind")
    for post in rows.order_by("kind", "serial"):
        seats = Post.objects.filter(kind=post.kind, place=new, building=None)
        if seats.filter(serial=post.serial).exists():
            post.serial = (seats.aggregate(most=Max("serial"))["most"] or 0) + 1
        post.place = new
        post.save(update_fields=["place", "serial"])
        words = {"post": post.kind, "old": old.short_name, "new": new.short_name}
        message = _("%(post)s of %(old)s goes to %(new)s, with whoever holds the post.") % words
        said.append(Consequence(f"post:{post.pk}", new.code, message))
    return said


def _move_teams(old: Place, new: Place) -> None:
    there = set(Team.objects.filter(place=new).values_list("name", flat=True))
    for team in Team.objects.filter(place=old):
        if team.name in there:
            team.name = f"{team.name} ({old.short_name})"[:60]
        team.place = new
        team.save(update_fields=["place", "name"])
