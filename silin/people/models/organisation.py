"""Bodies that posts belong to, that run estates and shops, and that join hands."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.lib.search import Searched, SearchedQuerySet, SearchKey, key_index
from silin.places.models import Block, Estate, Facility, Place


class OrganisationQuerySet(SearchedQuerySet["Organisation"]):
    def under(self, place: Place) -> OrganisationQuerySet:
        """The organisations of ``place`` and of everything beneath it."""
        return self.filter(place__path__gte=place.path, place__path__lt=place.path + "a")

    def active(self, on: date) -> OrganisationQuerySet:
        """Those that exist on a day."""
        begun = Q(active_from=None) | Q(active_from__lte=on)
        return self.filter(begun, Q(active_until=None) | Q(active_until__gt=on))


class Organisation(Searched):
    """A body (单位): a committee, a bureau, a property company, an alliance of others."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("residents' or villagers' committee")
        CENTRE = "centre", _("governance centre")
        BUREAU = "bureau", _("bureau")
        PROPERTY = "property", _("property company")
        ENTERPRISE = "enterprise", _("enterprise")
        PARTNER = "partner", _("partner organisation")
        SOCIAL = "social", _("social organisation")
        OWNERS = "owners", _("owners' committee")
        SELF_RULE = "self_rule", _("self-rule body")
        WIDE_COMMITTEE = "wide_committee", _("wide party committee")
        JOINT_MEETING = "joint_meeting", _("joint meeting")
        ALLIANCE = "alliance", _("alliance")

    ALLIANCES = (Kind.WIDE_COMMITTEE, Kind.JOINT_MEETING, Kind.ALLIANCE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organisations")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    telephone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=100, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_until = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="people_organisation_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="people_organisation_not_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.place.path

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"organisation:{self.pk}"

    @property
    def is_alliance(self) -> bool:
        """Whether it is made of other organisations."""
        return self.kind in self.ALLIANCES


class OrganisationKey(SearchKey):
    """A key of an organisation's name."""

    row = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("people_organisation_key")]


class AllianceMemberQuerySet(models.QuerySet["AllianceMember"]):
    def current(self, day: date) -> AllianceMemberQuerySet:
        """Who belongs to an alliance on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)


class AllianceMember(models.Model):
    """An organisation belongs to an alliance, from a day to a day (the last is not included)."""

    alliance = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="alliances")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = AllianceMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "member"],
                condition=Q(valid_until=None),
                name="people_alliance_member_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="people_alliance_member_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} / {self.alliance}"


class RunningQuerySet(models.QuerySet["Running"]):
    def current(self, day: date) -> RunningQuerySet:
        """The rows that count on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)


class Running(models.Model):
    """Which organisation runs an estate, a facility (a shop is one) or a block of shops, in which role.

    From a day to a day (the last is not included). Exactly one of ``estate``, ``facility`` and ``block``
    stands in it.
    """

    class Role(models.TextChoices):
        PROPERTY_COMPANY = "property_company", _("property company")
        OWNERS_COMMITTEE = "owners_committee", _("owners' committee")
        SELF_RULE = "self_rule", _("self-rule body")
        KEEPER = "keeper", _("keeper")

    OBJECTS = ("estate", "facility", "block")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="runs")
    estate = models.ForeignKey(Estate, null=True, blank=True, on_delete=models.PROTECT, related_name="run_by")
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="run_by"
    )
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.PROTECT, related_name="run_by")
    role = models.CharField(max_length=20, choices=Role)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = RunningQuerySet.as_manager()

    class Meta:
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[name, "role"],
                    condition=Q(valid_until=None, **{f"{name}__isnull": False}),
                    name=f"people_running_one_{name}",
                )
                for name in ("estate", "facility", "block")
            ),
            models.CheckConstraint(
                condition=Q(estate__isnull=False, facility=None, block=None)
                | Q(estate=None, facility__isnull=False, block=None)
                | Q(estate=None, facility=None, block__isnull=False),
                name="people_running_one_object",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="people_running_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} / {self.what}"

    @property
    def what(self) -> Estate | Facility | Block:
        """What is run."""
        found = self.estate or self.facility or self.block
        assert found is not None
        return found
