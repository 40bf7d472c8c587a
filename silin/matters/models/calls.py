"""Posts that are called to a matter: a lead and co-handlers, each with its own state and clock."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.matters.models.matter import Matter
from silin.people.models import Post, PostKind, Team


class WhistleRule(models.Model):
    """Who may whistle whom (吹哨): posts of one kind call posts of another round the same matter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="+")
    to_kind = models.ForeignKey(PostKind, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_kind", "to_kind"], name="matters_whistle_once")]

    def __str__(self) -> str:
        return f"{self.from_kind} → {self.to_kind}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def with_posts(self) -> AssignmentQuerySet:
        """With the rows by which a post is named."""
        return self.select_related("post__kind", "post__place", "post__organisation")


class Assignment(models.Model):
    """One post that was whistled to a matter, as the lead or beside it, until it is done."""

    class State(models.TextChoices):
        OFFERED = "offered", _("called")
        ACCEPTED = "accepted", _("taken")
        DONE = "done", _("done with its part")
        RETURNED = "returned", _("given back")
        WAIVED = "waived", _("not needed any more")

    RUNNING = (State.OFFERED, State.ACCEPTED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.BooleanField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    sent_from = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    report_due = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    warned = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    came = models.BooleanField(null=True, blank=True)
    solved = models.BooleanField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-lead", "offered_at"]
        indexes = [models.Index(fields=["post", "state"], name="matters_assignment_by_post")]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "post"],
                condition=Q(state__in=["offered", "accepted"]),
                name="matters_assignment_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(grade=None) | Q(grade__gte=1, grade__lte=5), name="matters_assignment_grade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post.organisation or self.post.place} {self.post.kind}"

    @property
    def is_running(self) -> bool:
        """Whether the post still has its part to do."""
        return self.state in self.RUNNING
