"""What lies beside a matter: pictures, pauses, asking for time, supervision, the review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.lib.ids import new_id
from silin.lib.personal import CONSENT, THE_PERSON, Held, PersonalWordsField
from silin.matters.models.matter import Matter
from silin.matters.models.states import BY_RESIDENTS, OF_RAISER, Asked
from silin.people.models import Post

OF_REVIEWER = OF_RAISER | {"purpose": gettext_noop("so that the work gets better")}


class PhotoQuerySet(models.QuerySet["Photo"]):
    def left(self) -> PhotoQuerySet:
        """Without those of an answer that waits for a signature or did not get it: they are for staff."""
        return self.filter(unsigned=False)


class Photo(models.Model):
    """A picture of a matter: as it was raised, before, or after the work.

    ``unsigned``: it belongs to an answer that a head has not signed, or to an appeal; it is for staff.
    """

    held = Held(
        title=_("Photos of matters you raised"),
        about="by",
        only=Q(stage="raised", matter__channel__in=BY_RESIDENTS) | Q(stage="joined"),
        ends="matter__closed_at",
        keep_days=3 * 365,
        whole=True,
        purpose=gettext_noop("so that whoever handles it finds and understands it"),
        basis=CONSENT,
        owner=THE_PERSON,
    )

    class Stage(models.TextChoices):
        RAISED = "raised", _("when it was reported")
        JOINED = "joined", _("from somebody who met it too")
        BEFORE = "before", _("before")
        AFTER = "after", _("after")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    unsigned = models.BooleanField(default=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.file)


class VoiceNote(models.Model):
    """What somebody said instead of writing it, as their phone recorded it. Nobody else ever hears it."""

    held = Held(
        title=_("Voice notes of matters you raised"),
        about="matter__raiser",
        ends="matter__closed_at",
        keep_days=3 * 365,
        whole=True,
        purpose=gettext_noop("so that whoever handles it finds and understands it"),
        basis=CONSENT,
        owner=THE_PERSON,
    )

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="voice_note"
    )
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file)


class Pause(models.Model):
    """A time during which the handle clock stood still, with its reason and who stopped it.

    The last four reasons are those of putting off (挂账), which the level above grants.
    """

    class Reason(models.TextChoices):
        RESIDENT = "resident", _("waiting for the resident")
        THIRD_PARTY = "third_party", _("waiting for somebody else")
        DATE = "date", _("waiting for a day or the weather")
        POLICY = "policy", _("no rule for it yet")
        MONEY = "money", _("no money for it this year")
        LAW = "law", _("a court or an authority has to decide first")
        HISTORY = "history", _("left over from earlier times")

    OF_HANDLER = (Reason.RESIDENT, Reason.THIRD_PARTY, Reason.DATE)
    OF_DEFERRAL = (Reason.POLICY, Reason.MONEY, Reason.LAW, Reason.HISTORY)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at=None), name="matters_pause_one_at_a_time"
            )
        ]


class TimeRequest(models.Model):
    """Whoever has it in hand asks the level above for more time (延期) or to put it off (挂账)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="time_requests")
    what = models.CharField(max_length=6, choices=Asked.choices)
    until = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(decided_at=None), name="matters_time_request_one_at_a_time"
            )
        ]


class Supervision(models.Model):
    """A slip by which the level above watches a matter until it lifts it (督办); what it says is history.

    ``instructed_by`` is the leader's office, where one wrote an instruction (批示).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="supervisions")
    number = models.CharField(max_length=8, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reply_due = models.DateTimeField()
    instructed_by = models.CharField(max_length=40, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(lifted_at=None), name="matters_supervision_one_at_a_time"
            )
        ]


class ReviewTag(models.Model):
    """What one may tick in a review, good or bad: a row the city changes."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40)
    good = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class FollowUp(models.Model):
    """Which kind of matter is raised after a low grade: a row the city changes (``kind`` empty: any kind)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, blank=True)
    grade_at_most = models.PositiveSmallIntegerField(default=2)
    raises = models.CharField(max_length=20)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind"], name="matters_follow_up_once")]

    def __str__(self) -> str:
        return f"≤ {self.grade_at_most} → {self.raises}"


class Review(models.Model):
    """What the raiser thinks of it (好差评). Whoever handled the matter never sees who gave it.

    ``set_aside_at``: the level above found that it was not theirs; it is no longer counted.
    """

    class Way(models.TextChoices):
        PAGE = "page", _("on the page of the matter")
        LINK = "link", _("by the link of a message")
        SLIP = "slip", _("by a slip")
        CALL = "call", _("on the telephone")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="review")
    grade = models.PositiveSmallIntegerField()
    tags = models.JSONField(default=list, blank=True)
    words = PersonalWordsField(title=_("The words of your review"), blank=True, **OF_REVIEWER)
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.PAGE)
    at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True, blank=True)

    held = Held(
        title=_("Reviews you gave"),
        about="matter__raiser",
        ends="at",
        stays=_("The grade, without your name and words."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="matters_review_grade")
        ]
