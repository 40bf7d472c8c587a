"""Opening one matter and acting on it, the same way for every page of staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.clockview import ClockView, TimeBar
from silin.lib.http import wants_json
from silin.lib.ids import read_number
from silin.lib.masking import mask_phone
from silin.lib.refusal import NotFound, Refused, Words
from silin.matters.acts import NEEDS, build, form_named, forms_for
from silin.matters.forms import ActForm
from silin.matters.models import Assignment, Follower, Link, Matter, Photo, Ticket, VoiceNote, WatchEntry
from silin.matters.outside import tickets_of
from silin.matters.routing import cited_by, why_words
from silin.matters.showing import bar_of, clock_of, crumb_of, photos_by_stage
from silin.matters.table import allowed, may_read_name
from silin.matters.timeline import Step, steps, unseen
from silin.matters.watching import entry_of
from silin.people import queries as people
from silin.places.queries import calendar

SAID: dict[str, Words] = {
    "accept": _("It is yours now. The resident reads that you are on it."),
    "return": _("Given back to the desk."),
    "pause": _("The clock stands still. The resident reads why."),
    "resume": _("The clock goes on."),
    "answer": _("Reported done. Now somebody else has a look."),
    "submit": _("Your head has been told. It leaves when it is signed; the clock goes on."),
    "sign": _("Signed. The answer has left."),
    "send_back": _("Back with whoever wrote it."),
    "verify": _("Confirmed. It is closed."),
    "reject": _("Back with whoever has it, with a short new time."),
    "send": _("Sent. They have been told."),
    "sort": _("Noted."),
    "refuse": _("Not accepted. The resident reads why."),
    "close": _("Closed."),
    "comment": _("Your word is added."),
    "reopen": _("Open again, with a short new time."),
    "contact": _("Written down. The resident reads it."),
    "ask": _("The desk above has been asked. Until it decides, the clock runs on."),
    "escalate": _("The desk above has joined. You still have it."),
    "reply": _("Your reply has gone to whoever set the slip."),
    "extend": _("The new time counts. The resident reads why."),
    "defer": _("Put off. It comes back by itself on the review day."),
    "decline": _("They have been told that the time stays."),
    "urge": _("They have been told."),
    "supervise": _("The slip is sent. It stays with you until you lift it."),
    "lift": _("The supervision is lifted."),
    "look_back": _("Noted."),
    "put_on": _("It is on the watch list now. Whoever has it has been told."),
    "take_off": _("It is off the watch list."),
    "whistle": _("They have been called. Each has to come by the time that stands beside them."),
    "take_back": _("Taken back. It stands as before, and nobody was told."),
    "report_in": _("Written down that you came."),
    "take_part": _("Your part is yours now."),
    "finish": _("Your part is done. The one who leads has been told."),
    "step_back": _("Given back to whoever called you."),
    "waive": _("They have been told that they are not needed any more."),
    "hand_on": _("Handed on. The clock and the answer stay yours."),
    "merge": _("They go on as one. Whoever reported or followed it has been told."),
    "unmerge": _("It goes on by itself again."),
    "relate": _("Noted down."),
    "ticket": _("Noted. The matter is found by this number too."),
    "apart": _("Noted down."),
    "split": _("There are two now; each has its own time. The resident has been told."),
    "cover": _("Covered, for everybody and for good."),
    "rate": _("Thank you. They see the grade."),
    "call_back": _("Written down. Whoever handled it sees neither the call nor the grade."),
}

NAME = "matters.name"
BACK: dict[str, Words] = {
    "duplicate": _("has taken in"),
    "split": _("was parted off"),
    "related": _("belongs together with"),
}

PLACES = "place__parent__parent__parent"  # as far up as a crumb goes


class SeeOther(HttpResponseRedirect):
    """After a form did its work: look at the page there (so that going back sends nothing twice)."""

    status_code = 303


def fetch(user: User, number: str) -> Matter:
    """The matter with that number, if ``user`` may see it. Raises ``NotFound``."""
    try:
        wanted = read_number(number)
    except Refused as refusal:
        raise NotFound from refusal
    rows = Matter.objects.seen_by(user).with_names()
    linked = Link.objects.filter(Q(matter=OuterRef("pk")) | Q(other=OuterRef("pk")), ended_at=None)
    rows = rows.select_related(PLACES, "voice_note", "answers_to").annotate(is_linked=Exists(linked))
    rows = rows.annotate(is_ticketed=Exists(Ticket.objects.filter(matter=OuterRef("pk"))))
    matter = rows.filter(number=wanted).first()
    if matter is None:
        raise NotFound
    return matter


def act(
    request: HttpRequest, matter: Matter, user: User, now: datetime, *, via: str = "", **more: Any
) -> ActForm:
    """Do what the request asks (``do``) with what was typed; the form says whether and why not.

    ``more`` holds ``candidates`` and ``leaves``, ``via`` the narrow door, if it is one. Raises ``NotFound``,
    and any refusal to a program.
    """
    form_class = form_named(request.POST.get("do", ""), matter.declared)
    if form_class is None or NEEDS.get(form_class, "") not in {"", *more}:
        raise Refused("bad_form", _("This page is not complete. Please load it again."))
    form = build(form_class, matter, request.POST, request.FILES, **more)
    form.via = via
    done = form.submit(matter, user, now)
    if form.refusal is not None and wants_json(request):
        raise form.refusal
    if done is not None:
        did = "submit" if form.do == "answer" and done.signer_id else form.do
        messages.success(request, str(form.thanks or SAID[did]))
    return form


@dataclass(frozen=True)
class Linked:
    """Another matter, and in what way this one belongs together with it."""

    words: Words
    matter: Matter
    what: str


def links_of(matter: Matter) -> list[Linked]:
    """The matters it belongs together with: one statement where there are any."""
    if not getattr(matter, "is_linked", True):
        return []
    rows = Link.objects.filter(Q(matter=matter) | Q(other=matter), ended_at=None)
    return [
        Linked(row.get_what_display(), row.other, row.what)
        if row.matter_id == matter.pk
        else Linked(BACK[row.what], row.matter, row.what)
        for row in rows.select_related("matter", "other")
    ]


@dataclass(frozen=True)
class Opened:
    """What every page of staff shows of one matter.

    ``name`` stays empty for a department's clerk: they read it beside the number, which is written down.
    """

    matter: Matter
    clock: ClockView | None
    bar: TimeBar | None
    steps: list[Step]
    photos: dict[str, list[Photo]]
    crumb: list[str]
    forms: dict[str, ActForm]
    calls: list[Assignment]
    voice: VoiceNote | None = None
    met: list[Follower] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    tried: ActForm | None = None
    name: str = ""
    shown_phone: str = ""
    tickets: list[Ticket] = field(default_factory=list)
    missed: list[Step] = field(default_factory=list)
    drafts_done: str = ""
    watched: WatchEntry | None = None
    overseen: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """Why it went where it went, by the rules."""
        return why_words(self.matter)

    @property
    def cited(self) -> str:
        """The line of a duty list that the rule cites."""
        return cited_by(self.matter)

    @property
    def own(self) -> list[ActForm]:
        """The forms that the kind brings itself."""
        return [self.forms[form.do] for form in self.matter.declared.forms if form.do in self.forms]

    @property
    def lost_words(self) -> str:
        """What was typed into a form that the matter, as it stands now, has no place for."""
        if self.tried is None or self.tried.do in self.forms:
            return ""
        return str(self.tried.data.get("words", ""))


def calls_of(matter: Matter) -> list[Assignment]:
    """Everybody who was whistled to it, the lead first; no statement where nobody was."""
    if not matter.whistled:
        return []
    return list(matter.assignments.with_posts().select_related("team"))


def opened(matter: Matter, user: User, now: datetime, tried: ActForm | None = None, **more: Any) -> Opened:
    """``matter`` as ``user`` may see it, with the forms of what they may do now, what was typed included."""
    told = steps(matter, user)
    pauses = list(matter.pauses.all())
    waits = next((pause.get_reason_display() for pause in pauses if pause.ended_at is None), "")
    forms = forms_for(matter, allowed(matter, user, now), **more)
    if matter.declared.shows is not None:
        more |= {"panel": matter.declared.shows(matter, user, now)}
    if tried is not None:
        tried.look_again(matter)
        if tried.do in forms:
            forms[tried.do] = tried
    raiser = matter.raiser if may_read_name(matter, user) else None
    named = raiser is not None and people.covers(user, NAME, matter.placed_path, now)
    return Opened(
        matter=matter,
        clock=clock_of(matter, now, calendar(), waits),
        bar=bar_of(matter, pauses, now),
        steps=told,
        photos=photos_by_stage(photo for step in told for photo in step.photos),
        crumb=crumb_of(matter),
        forms=forms,
        calls=calls_of(matter),
        voice=getattr(matter, "voice_note", None),
        met=list(matter.followers.who_met_it()) if matter.me_toos else [],
        links=links_of(matter),
        tickets=tickets_of(matter),
        tried=tried,
        missed=unseen(told, tried.seen_version) if tried is not None and tried.changed else [],
        name=str(raiser) if named else "",
        shown_phone=mask_phone(raiser.phone) if raiser and raiser.phone else "",
        drafts_done=" ".join(
            f"{do}-{matter.number}"
            for do in (*SAID, *(form.do for form in matter.declared.forms))
            if do not in forms
        ),
        more=more,
        watched=entry_of(matter),
        overseen=user.has_perm("league.see", matter),
    )
