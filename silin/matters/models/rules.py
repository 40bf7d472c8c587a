"""Rows that say who a matter goes to, what bodies have to do, and whose answers their head signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.forms.answering import was_said
from silin.lib.ids import new_id
from silin.matters import registry
from silin.matters.models.category import Category
from silin.people.models import Organisation, Post, PostKind
from silin.places.levels import Level
from silin.places.models import Place


def not_over(day: date) -> Q:
    """The rows that count on ``day`` or will."""
    return Q(valid_until=None) | Q(valid_until__gt=day)


def _dates(name: str) -> models.CheckConstraint:
    condition = Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
    return models.CheckConstraint(condition=condition, name=name)


class Dated(models.Model):
    """A row that counts from a day to a day (the last is not included)."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def counts_on(self, day: date) -> bool:
        """Whether it counts on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def meets(self, other: Dated) -> bool:
        """Whether there is a day on which both count."""
        begins = max(self.valid_from, other.valid_from)
        return all(row.valid_until is None or begins < row.valid_until for row in (self, other))


class DutyItem(Dated):
    """A line of a duty list: whose duty something is, or whether it may be asked of a community at all."""

    class List(models.TextChoices):
        POWERS = "powers", _("list of powers and duties")
        DUTIES = "duties", _("list of duties to be done")
        ENTRY = "entry", _("list of what may be asked of a community")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    list = models.CharField(max_length=6, choices=List.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["list", "place", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "place", "code"],
                condition=Q(valid_until=None),
                name="matters_duty_item_once",
            ),
            _dates("matters_duty_item_dates"),
        ]

    def __str__(self) -> str:
        whose = f" · {self.organisation}" if self.organisation else ""
        return f"{self.get_list_display()} {self.code} {self.title}{whose}"

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.place.path


class RoutingRule(Dated):
    """Where matters of a sort go first (派单规则).

    ``number`` is what people call it by; what it says from another day on is a further row of that number.
    One that was changed on its first day ends on that day; what it had sent by then keeps its reason.
    A condition that is empty holds for everything. ``question`` and ``answer`` are key and code of what the
    category asks beside the words and of what was chosen. It goes to a post of ``post_kind`` at the matter's
    place or around it, of ``organisation`` where one is named.
    """

    class When(models.TextChoices):
        WORKING = "working", _("in working time")
        OFF = "off", _("outside of working time")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    when = models.CharField(max_length=7, choices=When.choices, blank=True)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    post_kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    duty = models.ForeignKey(DutyItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    CONDITIONS = ("place_id", "category_id", "question", "answer", "kind", "when", "begins", "ends")

    class Meta:
        ordering = ["number", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "valid_from"],
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="matters_routing_rule_once",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(valid_until=None), name="matters_routing_rule_one_open"
            ),
            models.CheckConstraint(
                condition=Q(question="", answer="") | ~Q(question="") & ~Q(answer="") & ~Q(category=None),
                name="matters_routing_rule_both_of_answer",
            ),
            models.CheckConstraint(
                condition=Q(begins=None, ends=None) | Q(begins__isnull=False, ends__isnull=False),
                name="matters_routing_rule_both_times",
            ),
            _dates("matters_routing_rule_dates"),
        ]

    def __str__(self) -> str:
        return gettext("Rule %(number)d: %(what)s") % {"number": self.number, "what": self.what}

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.place.path

    @property
    def what(self) -> str:
        """Its conditions in words: what, what was answered, where, when."""
        said: list[object] = [self.category or gettext("everything")]
        if self.question:
            said.append(self.asked)
        if self.kind:
            said.append(registry.get(self.kind).title if self.kind in registry.kinds() else self.kind)
        if self.when:
            said.append(self.get_when_display())
        if self.begins and self.ends:
            said.append(f"{self.begins:%H:%M}–{self.ends:%H:%M}")
        words = {"what": " · ".join(str(each) for each in said), "place": self.place.short_name}
        return gettext("%(what)s in %(place)s") % words

    @property
    def asked(self) -> str:
        """The question and the answer that it looks at, as they read today."""
        version = self.category.questions if self.category else None
        schema = version.schema if version is not None else ()
        question = next((each for each in schema if each.key == self.question), None)
        words = {"question": self.question, "answer": self.answer}
        if question is not None:
            words = {"question": question.label, "answer": question.label_of(self.answer)}
        return gettext("%(question)s: %(answer)s") % words

    @property
    def whom(self) -> str:
        """To whom it sends, in words."""
        return f"{self.organisation} {self.post_kind}" if self.organisation else str(self.post_kind)

    @property
    def exactness(self) -> tuple[int, int, bool, bool, bool, int]:
        """Its place among others, the most exact first: category, place, kind, time; then the number.

        A category with an answer is more exact than the category alone.
        """
        category = 0 if self.category is None else 1 if self.category.parent_id is None else 2
        category += bool(self.question)
        depth = Level(self.place.level).depth
        timed = self.begins is not None
        return -category, -depth, not self.kind, not timed, not self.when, self.number

    def says_of(self, other: RoutingRule) -> bool:
        """Whether both have the same conditions."""
        return all(getattr(self, name) == getattr(other, name) for name in self.CONDITIONS)

    def is_about(
        self, kind: str, category: Category | None, path: str, at: datetime, answers: Mapping[str, Any]
    ) -> bool:
        """Whether such a matter meets its conditions but for working time."""
        named = (None, category.pk, category.parent_id) if category is not None else (None,)
        about = self.category_id in named and self.kind in ("", kind)
        if about and self.question:
            about = was_said(answers, self.question, (self.answer,))
        return about and path.startswith(self.place.path) and self._in_hours(at)

    def _in_hours(self, at: datetime) -> bool:
        if self.begins is None or self.ends is None:
            return True
        clock = localtime(at).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


class SignRule(Dated):
    """An organisation whose head signs before the answer of one of its posts leaves (审签)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(valid_until=None), name="matters_sign_rule_one_open"
            ),
            _dates("matters_sign_rule_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.head}"

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.organisation.place.path
