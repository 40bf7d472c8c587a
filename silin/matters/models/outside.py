"""Systems of others that know a matter by a number of their own (外部系统), and those numbers."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import Client
from silin.matters.models.category import Category
from silin.matters.models.matter import Matter
from silin.matters.models.rules import Dated

TICKET_AT_MOST = 40


class OutsideSystem(Dated):
    """A system beside this one in which matters stand too: the hotline, an app, a bureau's platform.

    ``link`` leads to a matter there; ``connected``: programs pass matters on, nobody has to type them twice;
    ``client`` is the key with which its program comes in, where it is one of those with a key.
    ``columns`` is how a sheet of theirs is laid out: heading, our field, words that always stand there.
    ``takes`` are the codes of the categories whose matters belong there.
    """

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("hotline")
        APP = "app", _("app of the province or city")
        PLATFORM = "platform", _("city platform")
        ACCOUNT = "account", _("account at a department")
        OTHER = "other", _("another system")

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    link = models.CharField(max_length=300, blank=True)
    connected = models.BooleanField(default=False)
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(default=list, blank=True)
    takes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @property
    def is_hotline(self) -> bool:
        """Whether its work orders become matters."""
        return self.kind == self.Kind.HOTLINE


class OutsideType(models.Model):
    """What an outside system calls a sort of matter, and our category; ``*`` is whatever else."""

    REST = "*"

    system = models.ForeignKey(OutsideSystem, on_delete=models.PROTECT, related_name="types")
    name = models.CharField(max_length=60)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["system", "name"]
        constraints = [models.UniqueConstraint(fields=["system", "name"], name="matters_outside_type")]

    def __str__(self) -> str:
        return f"{self.name} → {self.category}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    def with_matters(self) -> TicketQuerySet:
        """With the rows that a sheet or a list says of them."""
        beside = ("matter__category", "matter__terms", "matter__place__parent__parent", "matter__raiser")
        more = ("matter__building__estate", "matter__holder__kind", "matter__holder__place")
        return self.select_related("system", *beside, *more, "matter__holder__organisation")


class Ticket(models.Model):
    """The number of a matter in an outside system (工单号), and what came with it, nothing about a person.

    ``called_at`` is when somebody called there, ``due_at`` until when it expects an answer; our clock does
    not ask for it. ``digest`` tells whether the same order comes with other words next time.
    """

    system = models.ForeignKey(OutsideSystem, on_delete=models.PROTECT, related_name="tickets")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=TICKET_AT_MOST)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    type_name = models.CharField(max_length=60, blank=True)
    unit_name = models.CharField(max_length=80, blank=True)
    wants_call = models.BooleanField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="matters_ticket_of_system")]
        indexes = [models.Index(fields=["system", "at", "id"], name="matters_tickets_by_day")]

    def __str__(self) -> str:
        return f"{self.system} {self.number}"

    @property
    def address(self) -> str:
        """Where the matter stands there; empty where the system has no such address."""
        number, ours = quote(self.number, safe=""), quote(self.matter.shown_number, safe="")
        return self.system.link.replace("{number}", number).replace("{matter}", ours)

    @property
    def is_sooner(self) -> bool:
        """Whether they want an answer before our own clock does."""
        ours = self.matter.handle_due
        return self.due_at is not None and (ours is None or self.due_at < ours)
