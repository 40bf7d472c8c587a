"""A report that is still being written. It waits on the server, so that nothing typed is ever lost."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.files.models import File
from silin.lib.ids import new_id
from silin.lib.personal import CONSENT, THE_PERSON, Held
from silin.matters.models import Category
from silin.places.models import Building, Place


class Draft(models.Model):
    """What somebody has said so far. Its id is the client's own and becomes the id the matter is sent under.

    The point is kept as it came (degrees of ``datum``) and located anew when it is needed. ``number`` is the
    matter it became; sent drafts go after a day, forgotten ones after a month.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(blank=True)
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    datum = models.CharField(max_length=10, blank=True)
    spot = models.CharField(max_length=60, blank=True)
    voice = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name_withheld = models.BooleanField(default=False)
    number = models.CharField(max_length=8, blank=True)
    changed_at = models.DateTimeField()

    held = Held(
        title=_("Reports you have not sent yet"),
        about="user",
        whole=True,
        purpose=gettext_noop("nothing that you typed is lost"),
        basis=CONSENT,
        owner=THE_PERSON,
    )
    objects: ClassVar[models.Manager[Draft]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-changed_at"], name="report_draft_of_user"),
            models.Index(fields=["changed_at"], name="report_draft_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.words[:20]}"

    @property
    def is_placed(self) -> bool:
        """Whether somebody has said where it is."""
        return self.place_id is not None or self.building_id is not None or self.lon is not None


class DraftPhoto(models.Model):
    """A photo of a report that is still being written."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    held = Held(
        title=_("Photos you have not sent yet"),
        about="draft__user",
        whole=True,
        purpose=gettext_noop("nothing that you typed is lost"),
        basis=CONSENT,
        owner=THE_PERSON,
    )
    objects: ClassVar[models.Manager[DraftPhoto]] = models.Manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "file"], name="report_draft_photo_once")]

    def __str__(self) -> str:
        return str(self.file)
