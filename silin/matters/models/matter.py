"""A matter (事项) and what lies beside it. The story of what happened stands in ``history``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.forms.answering import told
from silin.forms.models import FormVersion
from silin.lib.ids import new_id, show_number
from silin.lib.masking import cover, find_personal
from silin.lib.personal import Held, PersonalPlainField, PersonalWordsField
from silin.lib.refusal import Words
from silin.matters import registry
from silin.matters.kind import Kind
from silin.matters.models.category import Category, CategoryTerms
from silin.matters.models.states import (
    BY_RESIDENTS,
    OF_RAISER,
    OPEN,
    RUNNING,
    SEE,
    Asked,
    Colour,
    Outcome,
    State,
)
from silin.people import queries as people
from silin.people.models import Post
from silin.places.models import Building, Place

if TYPE_CHECKING:
    from silin.matters.models.calls import Assignment


SELDOM = {
    "asked": ~Q(asked=""),
    "supervised": Q(supervised_by__isnull=False),
    "watched": Q(watched_by__isnull=False),
    "put_off": Q(deferred_at__isnull=False),
    "again": Q(look_back_on__isnull=False),
}
"""Few rows of many: each list of them has an index of its own."""


RELEASED = Q(released_at__isnull=False)
GOING = RELEASED & Q(state__in=OPEN)
SHOWN = [
    models.Index(fields=["-raised_at", "-id"], condition=RELEASED, name="matters_shown"),
    models.Index(fields=["unit", "-raised_at", "-id"], condition=RELEASED, name="matters_shown_in_unit"),
    models.Index(fields=["unit", "-raised_at", "-id"], condition=GOING, name="matters_shown_and_open"),
    models.Index(fields=["-raised_at", "-id"], condition=GOING, name="matters_going"),
    models.Index(fields=["lat", "lon"], condition=RELEASED, name="matters_shown_points"),
    models.Index(fields=["-changed_at", "-id"], condition=RELEASED, name="matters_shown_changed"),
]


def within_paths(paths: list[str]) -> Q:
    """What lies at or beneath one of ``paths``; nothing without any."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(placed_path__gte=path, placed_path__lt=path + "a")
    return within


def _looks_on(user: User, now: datetime) -> Q:
    """What lies where a post of theirs lets ``user`` look; of confined kinds where it is that of a desk."""
    seen, desks = (people.paths_where(user, right, now) for right in (SEE, "matters.triage"))
    if seen == desks:
        return within_paths(seen)
    return within_paths(desks) | (within_paths(seen) & ~Q(kind__in=registry.confined()))


def in_hands(posts: list[UUID]) -> Q:
    """What the posts have in hand or have joined, have a part in, or have to sign the answer of."""
    if not posts:
        return Q(pk__in=[])
    called = apps.get_model("matters", "Assignment").objects.filter(
        post__in=posts, state__in=["offered", "accepted"]
    )
    waits = Matter.objects.filter(signer__in=posts)
    beside = Q(pk__in=called.values("matter")) | Q(pk__in=waits.values("pk"))
    return Q(holder__in=posts) | Q(joined__in=posts) | beside


def once_in_hands(posts: set[UUID]) -> Q:
    """What the posts have or had in hand, also as one of several; not what they gave back or were spared."""
    if not posts:
        return Q(pk__in=[])
    called = apps.get_model("matters", "Assignment").objects.filter(
        post__in=posts, state__in=["offered", "accepted", "done"]
    )
    return Q(holder__in=posts) | Q(joined__in=posts) | Q(pk__in=called.values("matter"))


class MatterQuerySet(models.QuerySet["Matter"]):
    def seen_by(self, user: User) -> MatterQuerySet:
        """What ``user`` raised or set, what is in their hands, and what lies where a post lets them look.

        A system sees what it put down for others too, a department's clerk what the department was called to.
        """
        now = timezone.now()
        posts = [post.pk for post in people.posts_of(user, now)]
        hands = in_hands(posts) | registry.set_by(posts)
        theirs = once_in_hands(people.hands_where(user, SEE, now))
        own = Q(raiser=user) | Q(put_down_by=user) if user.is_system else Q(raiser=user)
        return self.filter(own | hands | theirs | _looks_on(user, now))

    def worked_by(self, user: User) -> MatterQuerySet:
        """What lies where a post of theirs lets ``user`` look: one range of an index for each post.

        A list of work leaves out what they raised themselves elsewhere; that stands under "mine".
        """
        return self.filter(_looks_on(user, timezone.now()))

    def unconfined_for(self, user: User) -> MatterQuerySet:
        """Without what is confined (``Kind.confined``), but where a post of theirs is that of a desk."""
        desks = people.paths_where(user, "matters.triage", timezone.now())
        return self.filter(~Q(kind__in=registry.confined()) | within_paths(desks))

    def told_to_all(self) -> MatterQuerySet:
        """Of which a wall tells where and what sort: nothing of a confined kind."""
        return self.exclude(kind__in=registry.confined())

    def under(self, place: Place) -> MatterQuerySet:
        """The matters of ``place`` and of everything beneath it."""
        return self.filter(placed_path__gte=place.path, placed_path__lt=place.path + "a")

    def open(self) -> MatterQuerySet:
        """What is not at an end."""
        return self.filter(state__in=OPEN)

    def public(self) -> MatterQuerySet:
        """What somebody at a desk has released for everybody to read."""
        return self.filter(released_at__isnull=False)

    def with_hands(self) -> MatterQuerySet:
        """With the rows that a deed asks for."""
        return self.select_related("category", "terms", "place", "holder__kind", "holder__place", "raiser")

    def with_names(self) -> MatterQuerySet:
        """With the rows that a list or a page shows beside the matter, in the same statement."""
        shown = ("category", "terms", "place__parent", "building__estate", "holder__kind", "holder__place")
        return self.select_related(*shown, "holder__organisation", "raiser")


class Matter(models.Model):
    """Something that asks somebody to do something, at a place, against a clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=20)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(
        CategoryTerms, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    title = PersonalPlainField(
        title=_("Title of your matter"), left=_("(taken out)"), max_length=40, **OF_RAISER
    )
    words = PersonalWordsField(
        title=_("What you reported"),
        beside={"search": "", "lon": None, "lat": None, "datum": "", "building": None, "answers": {}},
        blank=True,
        **OF_RAISER,
    )
    search = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    answers_to = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10)
    released_at = models.DateTimeField(null=True, blank=True)

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    placed_path = models.CharField(max_length=80)
    unit = models.CharField(max_length=24)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    spot = PersonalPlainField(
        title=_("The spot you named"),
        max_length=60,
        blank=True,
        **OF_RAISER,
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=10, blank=True)

    state = models.CharField(max_length=9, choices=State.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    colour = models.CharField(max_length=4, choices=Colour.choices, default=Colour.OK)
    holder = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    joined = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raiser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raised_matters",
    )
    put_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    why = models.JSONField(default=dict)
    about = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", db_index=False
    )
    supervised_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    watched_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked = models.CharField(max_length=6, choices=Asked.choices, blank=True)
    signer = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    raised_at = models.DateTimeField()
    clock_from = models.DateTimeField()
    held_since = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    respond_due = models.DateTimeField(null=True, blank=True)
    warn_due = models.DateTimeField(null=True, blank=True)
    handle_due = models.DateTimeField(null=True, blank=True)
    escalate_due = models.DateTimeField(null=True, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    verify_due = models.DateTimeField(null=True, blank=True)
    report_due = models.DateTimeField(null=True, blank=True)
    reply_due = models.DateTimeField(null=True, blank=True)
    deferred_at = models.DateTimeField(null=True, blank=True)
    look_back_on = models.DateField(null=True, blank=True)
    own_due = models.DateTimeField(null=True, blank=True)
    next_due = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    counted = models.BigIntegerField(default=0)
    undo = models.JSONField(null=True, blank=True)

    returns = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=0)
    whistled = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    follows = models.PositiveIntegerField(default=0)
    me_toos = models.PositiveIntegerField(default=0)
    name_withheld = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    held = Held(
        title=_("Matters you raised"),
        about="raiser",
        ends="closed_at",
        only=Q(channel__in=BY_RESIDENTS),
        stays=_(
            "The number, the category, the grid and the times: the city accounts for its work with them."
        ),
    )
    objects = MatterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["placed_path", "state"], name="matters_by_path"),
            models.Index(fields=["unit", "state", "handle_due"], name="matters_by_unit"),
            models.Index(fields=["state", "handle_due"], name="matters_by_state"),
            models.Index(fields=["holder", "state", "handle_due"], name="matters_by_holder"),
            models.Index(fields=["raiser", "-raised_at"], name="matters_by_raiser"),
            models.Index(
                fields=["put_down_by", "-raised_at", "-id"],
                condition=Q(put_down_by__isnull=False),
                name="matters_put_down_by",
            ),
            *(
                models.Index(fields=["placed_path"], condition=condition, name=f"matters_{name}")
                for name, condition in SELDOM.items()
            ),
            models.Index(fields=["signer"], condition=Q(signer__isnull=False), name="matters_by_signer"),
            models.Index(fields=["counted"], condition=Q(state__in=OPEN), name="matters_counted"),
            models.Index(fields=["next_due"], condition=Q(next_due__isnull=False), name="matters_next_due"),
            models.Index(fields=["lat", "lon"], condition=Q(state__in=OPEN), name="matters_open_points"),
            *SHOWN,
        ]

    def __str__(self) -> str:
        return f"{self.shown_number} {self.title}"

    @property
    def shown_number(self) -> str:
        """The number as people read it, in two groups of four."""
        return show_number(self.number)

    def lies_with(self, posts: set[UUID]) -> bool:
        """Whether one of ``posts`` has it in hand or was called to it."""
        return Matter.objects.filter(once_in_hands(posts), pk=self.pk).exists()

    @property
    def subject(self) -> str:
        """Its name in the books."""
        return f"matter:{self.pk}"

    @property
    def declared(self) -> Kind:
        """The declaration of its kind."""
        return registry.get(self.kind)

    @property
    def filed_as(self) -> Category | CategoryTerms:
        """The category as it was called, and as long as it might take, when the matter was given it."""
        return self.terms or self.category

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was asked beside the words, and what was answered, as people read it."""
        return told(self.answers_to.schema, self.answers) if self.answers_to is not None else []

    @property
    def public(self) -> bool:
        """Whether everybody may read what had been said when a desk last released it."""
        return self.released_at is not None

    @property
    def public_title(self) -> str:
        """What somebody who may not see it reads of it: its title once it is released, else its category."""
        return cover(self.title, find_personal(self.title)) if self.public else str(self.category)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @cached_property
    def running_calls(self) -> list[Assignment]:
        """The posts that were whistled and still have a part to do, the lead first; read once."""
        rows = self.assignments.filter(state__in=["offered", "accepted"]).with_posts()
        return list(rows.select_related("sent_from__kind", "sent_from__place"))

    @property
    def flags(self) -> list[Words]:
        """What the level above has to do with it, in a word each."""
        return flags_of(self)

    @property
    def on_time(self) -> bool | None:
        """Whether the answer kept the deadline; None where there was none to keep, or no answer yet.

        A matter that has once run out of time stays late, whatever new time a rejected answer was given. One
        that was put off (挂账) is counted apart: it may be late, it is never on time.
        """
        if self.handle_due is None or self.answered_at is None:
            return None
        if self.colour == Colour.LATE:
            return False
        return None if self.deferred_at else True

    def out_of_time(self, now: datetime) -> bool:
        """Whether the handle clock has run out at ``now`` and nobody has noted it yet."""
        running = self.state in RUNNING and self.colour != Colour.LATE
        return running and self.handle_due is not None and self.handle_due < now


def flags_of(row: Any) -> list[Words]:
    """What the level above has to do with a matter or a row of a list, in a word each."""
    flag = registry.get(row.kind).flag
    said = (
        (bool(flag), flag),
        (row.supervised_by_id is not None, _("under supervision")),
        (row.watched_by_id is not None, _("on the watch list")),
        (row.deferred_at is not None and row.state == State.WAITING, _("put off")),
        (bool(row.asked), _("asks for time")),
    )
    return [words for holds, words in said if holds]


def matter_id(subject: str) -> UUID:
    """The id in a subject of the books (``matter:<id>``)."""
    return UUID(subject.removeprefix("matter:"))
