"""Whose work got the low grade, and how far putting it right has come."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from silin.accounts.models import User
from silin.matters.models import Matter
from silin.people import queries as people
from silin.people.models import Post


class BadReviewQuerySet(models.QuerySet["BadReview"]):
    def ordered_of(self, user: User, now: datetime) -> BadReviewQuerySet:
        """What posts of ``user`` have been told to put right: the one page of it that they may read."""
        posts = [post.pk for post in people.posts_of(user, now)]
        return self.filter(graded__in=posts, ordered_at__isnull=False)

    def with_names(self) -> BadReviewQuerySet:
        """With the rows that a list or a page shows beside it."""
        graded = [f"graded__{name}" for name in ("kind", "place", "organisation")]
        return self.select_related("matter__category", "matter__place", "matter__about", *graded)


class BadReview(models.Model):
    """What lies beside a matter of this kind. ``names_case``: the reviewer agreed on the telephone that those
    graded may know which matter it is about.
    """

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="bad_review"
    )
    graded = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    graded_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    names_case = models.BooleanField(default=False)
    ordered_at = models.DateTimeField(null=True, blank=True)
    put_right_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    objects = BadReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def waits_for_decision(self) -> bool:
        """Whether an appeal has still to be decided."""
        return self.appealed_at is not None and self.decided_at is None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left for those graded: it was put right, or their appeal was granted."""
        return self.put_right_at is not None or bool(self.granted)

    def concerns(self, user: User, now: datetime) -> bool:
        """Whether ``user`` was graded, by person or by post, and so has no say in it."""
        return user.pk == self.graded_user_id or people.holds(user, self.graded_id, now)
