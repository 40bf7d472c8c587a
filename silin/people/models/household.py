"""The register: households, the people in them, and which two rows turned out to be one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.held import masked
from silin.lib.ids import new_id
from silin.lib.personal import (
    CONSENT,
    PUBLIC_TASK,
    THE_COMMUNITY,
    THE_PERSON,
    Held,
    PersonalCharField,
    PersonalPlainField,
    PersonalYearField,
    keyed_hash,
    phone_hash,
    tail_hash,
)
from silin.lib.search import Searched, SearchedQuerySet, SearchKey, hashed, key_index, person_keys
from silin.places.models import Building, Place

KEPT_AFTER_LEAVING = 365


def door_hash(building: Building, entrance: str, door: str) -> str:
    """The hash by which a home is found without its door being readable."""
    return keyed_hash("door", f"{building.pk} {entrance} {door}") if door else ""


class HouseholdQuerySet(models.QuerySet["Household"]):
    def under(self, place: Place) -> HouseholdQuerySet:
        """The households of ``place`` and of everything beneath it, without those merged into another."""
        path = place.path
        within = self.filter(building__grid__path__gte=path, building__grid__path__lt=path + "a")
        return within.filter(merged_into=None)

    def with_home(self) -> HouseholdQuerySet:
        """With the rows that a list shows beside the household, in the same statement."""
        return self.select_related("building__estate", "building__grid__parent")


class Household(models.Model):
    """One home (户) in a building, and how it is lived in."""

    class State(models.TextChoices):
        LIVED = "lived", _("lived in")
        LET = "let", _("let")
        EMPTY = "empty", _("empty")
        MOVED = "moved", _("moved away")

    class Tenure(models.TextChoices):
        OWN = "own", _("own home")
        RENT = "rent", _("rented")
        PUBLIC = "public", _("public rental housing")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="households")
    entrance = models.CharField(max_length=12, blank=True)
    door = PersonalCharField(
        title=_("Door"),
        purpose=gettext_noop("finding the home when somebody is needed there"),
        basis=PUBLIC_TASK,
        owner=THE_COMMUNITY,
        keep_days=0,
        beside={"door_hash": ""},
        blank=True,
        default="",
    )
    door_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    state = models.CharField(max_length=5, choices=State, default=State.LIVED)
    state_since = models.DateField(null=True, blank=True)
    tenure = models.CharField(max_length=6, choices=Tenure, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged"
    )

    held = Held(
        title=_("Your home"),
        about="memberships__person__user",
        shared=True,
        stays=_("The home itself: others live there or will."),
    )
    objects = HouseholdQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.building}"

    @property
    def placed_path(self) -> str:
        """The path of the grid that answers for its building."""
        return self.building.grid.path

    @property
    def subject(self) -> str:
        """Its name in the books."""
        return f"household:{self.pk}"

    @property
    def covered_door(self) -> str:
        """As lists show it: whoever reads along learns the floor at most."""
        return masked(self.door) if self.door else ""

    def set_door(self, entrance: str, door: str) -> None:
        """Give the home its entrance and door."""
        self.entrance, self.door = entrance, door
        self.door_hash = door_hash(self.building, entrance, door)


class PersonQuerySet(SearchedQuerySet["Person"]):
    def registered(self) -> PersonQuerySet:
        """Those who were not merged into another."""
        return self.filter(merged_into=None)

    def by_phone(self, phone: str) -> PersonQuerySet:
        """Those with this mobile number."""
        return self.registered().filter(phone_hash=phone_hash(phone))

    def by_tail(self, digits: str) -> PersonQuerySet:
        """Those whose number ends with these four digits."""
        return self.registered().filter(phone_tail=tail_hash(digits))


class Person(Searched):
    """Somebody in the register of a community, with or without an account (``user``) of their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = PersonalPlainField(
        title=_("Name in the register"),
        purpose=gettext_noop("knowing who lives in the community"),
        basis=PUBLIC_TASK,
        owner=THE_COMMUNITY,
        keep_days=KEPT_AFTER_LEAVING,
        max_length=60,
        blank=True,
    )
    phone = PersonalCharField(
        title=_("Telephone in the register"),
        purpose=gettext_noop("calling the home about something that concerns it"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=KEPT_AFTER_LEAVING,
        beside={"phone_hash": "", "phone_tail": ""},
        blank=True,
        default="",
    )
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone_tail = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_year = PersonalYearField(
        title=_("Year of birth"),
        purpose=gettext_noop("offering what is meant for an age, where the home has said it"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=KEPT_AFTER_LEAVING,
        null=True,
        blank=True,
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    left_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged"
    )

    held = Held(title=_("In the register of your community"), about="user", ends="left_on", whole=True)
    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or str(_("a resident"))

    def search_words(self) -> set[str]:
        """The keys under which they are found, readable to nobody."""
        return hashed(person_keys(self.name))

    @property
    def placed_path(self) -> str:
        """The path of where they live, or last lived."""
        last = self.memberships.select_related("household__building__grid").order_by("until", "-since")
        rows = sorted(last, key=lambda each: each.until is not None)
        return rows[0].household.placed_path if rows else "-"

    @property
    def subject(self) -> str:
        """Their name in the books."""
        return f"person:{self.pk}"

    def set_phone(self, phone: str) -> None:
        """Give the entry a (checked, 11-digit) mobile number; empty takes it away."""
        self.phone = phone
        self.phone_hash = phone_hash(phone) if phone else ""
        self.phone_tail = tail_hash(phone) if phone else ""


class PersonKey(SearchKey):
    """A key of a person's name, under the keyed hash."""

    row = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_keys")

    class Meta:
        indexes = [key_index("people_person_key")]


class Membership(models.Model):
    """Who belongs to a household, from when to when (the last day is not included)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(until=None), name="people_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} / {self.household}"


class Merge(models.Model):
    """Two rows that were one: what was moved from ``gone`` to ``kept``, so that it can go back exactly.

    ``moved`` holds keys of memberships, ``filled`` names of columns that were empty in ``kept``, ``before``
    how that home was lived in; what stood in ``gone`` still stands there, so no personal data lies here.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        HOUSEHOLD = "household"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=9, choices=Kind)
    kept = models.UUIDField(db_index=True)
    gone = models.UUIDField(db_index=True)
    moved: models.JSONField[Any, Any] = models.JSONField(default=list)
    filled: models.JSONField[Any, Any] = models.JSONField(default=list)
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.kept} + {self.gone}"
