"""Who has agreed to be looked in on, why, by whom, and until when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.lib.personal import CONSENT, THE_PERSON, Held, PersonalCharField
from silin.people.models.household import Person
from silin.people.models.post import Post

KEPT_AFTER_END = 90


class AttentionKind(models.Model):
    """A reason to look in on somebody (独居老人 …): how long a yes lasts, and what the night counts of it.

    ``least_age`` refuses whoever the register knows to be younger; ``alone`` means that they live by
    themselves; ``counts_as`` is the stock under which they are counted, as a number without names.
    """

    code = models.CharField(max_length=30, primary_key=True)
    title = models.CharField(max_length=40)
    title_en = models.CharField(max_length=40)
    purpose = models.CharField(max_length=120)
    purpose_en = models.CharField(max_length=160)
    lasts_days = models.PositiveIntegerField()
    least_age = models.PositiveSmallIntegerField(null=True, blank=True)
    alone = models.BooleanField(default=False)
    counts_as = models.CharField(max_length=40, blank=True)
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" else self.title

    @property
    def what_for(self) -> str:
        """The purpose, as it is said to the person who is asked."""
        return self.purpose_en if get_language() == "en" else self.purpose


class AttentionQuerySet(models.QuerySet["Attention"]):
    def current(self, on: date) -> AttentionQuerySet:
        """Those that hold on a day; the last day is not included."""
        return self.filter(Q(until__gt=on), ended_on=None)


class Attention(models.Model):
    """Somebody agreed that a worker looks in on them, for a reason that nobody reads in the table.

    Only the carer's post, whoever leads there (``attention.see``) and the person themselves see it. It ends
    by itself unless somebody asks again and is told yes.
    """

    class Agreed(models.TextChoices):
        SAID = "said", _("they said yes")
        SIGNED = "signed", _("they signed")
        GUARDIAN = "guardian", _("a guardian or a child's parent said yes")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attentions")
    kind = PersonalCharField(
        title=_("Why somebody looks in on you"),
        purpose=gettext_noop("somebody looks in on you, as you agreed"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=KEPT_AFTER_END,
    )
    carer = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="attentions")
    agreed = models.CharField(max_length=8, choices=Agreed)
    since = models.DateField()
    until = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    held = Held(title=_("Who looks in on you"), about="person__user", ends="until", whole=True)
    objects = AttentionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person_id} {self.since} – {self.until}"

    def get_kind_display(self) -> str:
        """The reason as people say it."""
        return str(AttentionKind.objects.filter(pk=self.kind).first() or self.kind)
