"""Handing a desk over from one shift to the next (交接班)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.places.models import Place


class Handover(models.Model):
    """What whoever leaves a desk passes on, and who took it over; it stays as it was written.

    ``said`` holds numbers of matters, posts and times as they stood then; the words of both stand in the
    history. While ``taken_at`` is empty it waits for whoever comes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    said = models.JSONField(default=dict)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["place", "-given_at", "-id"], name="matters_handover_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(taken_at=None), name="matters_handover_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.given_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"handover:{self.pk}"

    @property
    def placed_path(self) -> str:
        """Where rights over it are asked."""
        return self.place.path

    @property
    def state(self) -> str:
        """Whether somebody has taken it over, in a word or two."""
        return str(_("waits to be taken over") if self.taken_at is None else _("taken over"))
