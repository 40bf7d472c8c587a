"""Teams: people who turn out together."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.ids import new_id
from silin.lib.personal import CONSENT, THE_COMMUNITY, Held
from silin.people.models.organisation import Organisation
from silin.places.models import Place


class TeamQuerySet(models.QuerySet["Team"]):
    def under(self, place: Place) -> TeamQuerySet:
        """The teams of ``place`` and of everything beneath it."""
        return self.filter(place__path__gte=place.path, place__path__lt=place.path + "a")

    def active(self, on: date) -> TeamQuerySet:
        """Those that exist on a day."""
        return self.filter(Q(active_until=None) | Q(active_until__gt=on), active_from__lte=on)


class Team(models.Model):
    """A team (队伍) of a place: volunteers, a patrol, a choir.

    ``joining`` tells residents how to join; a team that says nothing takes nobody on.
    """

    class Kind(models.TextChoices):
        VOLUNTEERS = "volunteers", _("volunteers")
        PARTY = "party", _("party members")
        PATROL = "patrol", _("patrol")
        CULTURE = "culture", _("culture and sport")
        CARE = "care", _("care for elders and others")
        MEDIATION = "mediation", _("mediation")
        EMERGENCY = "emergency", _("emergency help")
        HOMES = "homes", _("homes and estates")
        RIDERS = "riders", _("riders and other new jobs")
        TIDY = "tidy", _("greenery and tidiness")
        WOMEN = "women", _("women")
        VETERANS = "veterans", _("veterans")
        YOUTH = "youth", _("children and young people")
        REPAIRS = "repairs", _("craftspeople who repair")
        OTHER = "other", _("another kind")

    class Colour(models.TextChoices):
        NONE = "", _("no colour")
        RED = "red", _("red")
        GREEN = "green", _("green")
        BLUE = "blue", _("blue")
        YELLOW = "yellow", _("yellow")
        PURPLE = "purple", _("purple")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    colour = models.CharField(max_length=8, choices=Colour, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="teams")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    joining = models.CharField(max_length=100, blank=True)
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="people_team_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"team:{self.pk}"


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def current(self, day: date) -> TeamMemberQuerySet:
        """Who belongs to a team on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)


class TeamMember(models.Model):
    """Somebody belongs to a team, from a day to a day (the last is not included), perhaps as its captain.

    ``named``: a captain who agrees that residents read their name. ``left_with_team``: it ended because the
    team was closed, so it goes on when the team is opened again.
    """

    held = Held(
        title=_("Teams you belong to"),
        about="user",
        ends="valid_until",
        keep_days=365,
        whole=True,
        purpose=gettext_noop("whoever leads the team knows who comes"),
        basis=CONSENT,
        owner=THE_COMMUNITY,
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teams")
    captain = models.BooleanField(default=False)
    named = models.BooleanField(default=False)
    left_with_team = models.BooleanField(default=False, editable=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(valid_until=None), name="people_team_member_once"
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(valid_until=None, captain=True),
                name="people_team_one_captain",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="people_team_member_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} / {self.team}"
