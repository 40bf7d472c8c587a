"""What somebody asks of the office about what is held about them."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.ids import new_id
from silin.lib.personal import PUBLIC_TASK, THE_PERSON, Held, PersonalWordsField
from silin.lib.refusal import Words
from silin.people.models.household import Person
from silin.places.models import Place

KEPT_AFTER_ANSWER = 3 * 365
ANSWERED = gettext_noop("the office answers what you asked, and can show that it did")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def open(self) -> DataRequestQuerySet:
        """Those that nobody has answered."""
        return self.filter(decided_at=None)

    def under(self, place: Place) -> DataRequestQuerySet:
        """Those that ``place`` and everything beneath it have to answer."""
        return self.filter(place__path__gte=place.path, place__path__lt=place.path + "a")


class DataRequest(models.Model):
    """Something held about a person is wrong, is to be deleted or to be taken along: asked, and decided.

    ``user`` asked by their own account; without one somebody came to the office: who they were stands in
    ``asker`` and by what they were known in ``identity``, both codes, so that nobody else's data lies here.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", _("put something right")
        DELETE = "delete", _("delete it")
        COPY = "copy", _("take a copy along")

    class Asker(models.TextChoices):
        SELF = "self", _("the person themselves")
        GUARDIAN = "guardian", _("a guardian or a child's parent")
        FAMILY = "family", _("the family of somebody who has died")
        OFFICE = "office", _("the office: there is no reason to keep it")

    class Identity(models.TextChoices):
        CARD = "card", _("an identity card was shown")
        BOOK = "book", _("the household book or a paper of guardianship was shown")
        KNOWN = "known", _("two of the office know them in person")
        ACCOUNT = "account", _("signed in with their number")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("not done")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="data_requests"
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="data_requests")
    kind = models.CharField(max_length=7, choices=Kind)
    asker = models.CharField(max_length=8, choices=Asker, default=Asker.SELF)
    identity = models.CharField(max_length=7, choices=Identity, default=Identity.ACCOUNT)
    field = models.CharField(max_length=80, blank=True)
    words = PersonalWordsField(
        title=_("What you said is wrong"),
        purpose=ANSWERED,
        basis=PUBLIC_TASK,
        owner=THE_PERSON,
        keep_days=KEPT_AFTER_ANSWER,
        blank=True,
        default="",
    )
    answer = PersonalWordsField(
        title=_("What the office answered"),
        purpose=ANSWERED,
        basis=PUBLIC_TASK,
        owner=THE_PERSON,
        keep_days=KEPT_AFTER_ANSWER,
        blank=True,
        default="",
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    held = Held(
        title=_("What you asked about your data"),
        about="user",
        ends="decided_at",
        stays=_("That something was asked and answered, and when; not the words."),
    )
    objects = DataRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place", "due_at"], condition=Q(decided_at=None), name="people_request_open")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def placed_path(self) -> str:
        """The path of the community that answers."""
        return self.place.path

    @property
    def title(self) -> Words:
        """What is asked: the field that is wrong, or what is to be done."""
        if not self.field:
            return self.get_kind_display()
        label, _dot, name = self.field.rpartition(".")
        return getattr(apps.get_model(label)._meta.get_field(name), "title", "") or name

    @property
    def subject(self) -> str:
        """Under which it stands in the books: with the person it is about."""
        return f"user:{self.user_id}" if self.user_id else f"person:{self.person_id}"
