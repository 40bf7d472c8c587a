"""Posts, and who holds them from when to when."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.people.models.organisation import Organisation
from silin.places.models import Building, Place


def today(now: datetime) -> date:
    """The civil day of ``now`` where the city lies."""
    return localdate(now)


class PostKind(models.Model):
    """A kind of post (岗位): its title, the level it works at, what it may do and over what.

    ``family`` is under which heading it is listed; ``belongs_to`` is the kind of organisation a post of it
    belongs to. ``is_public`` says that residents see who holds it, ``with_origin`` that a holder comes from
    somewhere (a volunteer, a shop owner), which is noted. A kind of the family ``system`` has no level: a
    ``Client`` holds such a post at any place, and a person never does.
    """

    class Family(models.TextChoices):
        GRID = "grid", _("In the grids")
        COMMUNITY = "community", _("In the community")
        ABOVE = "above", _("Street, county and city")
        CITY_CARE = "city_care", _("City management")
        LAW = "law", _("Law and mediation")
        ADMIN = "admin", _("Administration of the system")
        SYSTEM = "system", _("Systems that come in with a key")

    class Reach(models.TextChoices):
        PLACE = "place", _("its place and all beneath")
        ESTATES = "estates", _("the estates that its organisation runs")
        HANDS = "hands", _("its place; of the matters there only what its organisation has in hand")

    code = models.CharField(max_length=30, primary_key=True)
    title = models.CharField(max_length=40)
    title_en = models.CharField(max_length=40)
    level = models.CharField(max_length=12)
    rank = models.PositiveSmallIntegerField()
    capabilities = models.JSONField(default=list)
    family = models.CharField(max_length=12, choices=Family, default=Family.COMMUNITY)
    reach = models.CharField(max_length=8, choices=Reach, default=Reach.PLACE)
    belongs_to = models.CharField(max_length=16, choices=Organisation.Kind, blank=True)
    is_public = models.BooleanField(default=False)
    with_origin = models.BooleanField(default=False)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" else self.title

    @property
    def is_for_systems(self) -> bool:
        """Whether a client holds such a post, and never a person."""
        return self.family == self.Family.SYSTEM


class PostQuerySet(models.QuerySet["Post"]):
    def under(self, place: Place) -> PostQuerySet:
        """The posts of ``place`` and of everything beneath it."""
        return self.filter(place__path__gte=place.path, place__path__lt=place.path + "a")

    def open(self) -> PostQuerySet:
        """The posts that nobody has closed."""
        return self.filter(closed_on=None)

    def of_people(self) -> PostQuerySet:
        """Without the posts by which systems come in."""
        return self.exclude(kind__family=PostKind.Family.SYSTEM)


class Post(models.Model):
    """One seat (岗位): work is sent to it, and whoever holds it today does the work."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="posts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posts")
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    serial = models.PositiveSmallIntegerField(default=1)
    telephone = models.CharField(max_length=20, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "serial"], condition=Q(building=None), name="people_post_of_place"
            ),
            models.UniqueConstraint(
                fields=["kind", "building", "serial"],
                condition=Q(building__isnull=False),
                name="people_post_of_building",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.kind}"

    @property
    def known_as(self) -> str:
        """How residents are told of it: the body it works for, else its kind."""
        body = self.organisation if self.kind.belongs_to else None
        return body.name if body else str(self.kind)

    @property
    def placed_path(self) -> str:
        """Where rights over the post are asked."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"post:{self.pk}"


class HoldingQuerySet(models.QuerySet["Holding"]):
    def current(self, day: date) -> HoldingQuerySet:
        """The holdings that count on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)

    def of_people(self) -> HoldingQuerySet:
        """Without those of systems."""
        return self.exclude(post__kind__family=PostKind.Family.SYSTEM)


class Holding(models.Model):
    """Who holds a post, from when to when (the last day is not included), in person or standing in.

    ``ended_at`` is when its end took effect. ``cross`` marks somebody of another body who holds a post in
    this one as well (交叉任职).
    """

    class Origin(models.TextChoices):
        CAPABLE_PERSON = "capable_person", _("capable person")
        VOLUNTEER = "volunteer", _("volunteer")
        SERVING_MEMBER = "serving_member", _("serving party member")
        SHOP_OWNER = "shop_owner", _("shop owner")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings")
    stand_in = models.BooleanField(default=False)
    cross = models.BooleanField(default=False)
    origin = models.CharField(max_length=16, choices=Origin, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="people_holding_dates",
            ),
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(valid_until=None, stand_in=False),
                name="people_holding_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} / {self.post}"
