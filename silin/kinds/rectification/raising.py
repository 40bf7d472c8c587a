"""Raising a rectification: by a person at a desk, or by the system; the same again gives the same matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.rectification.models import Rectification
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.matters.deeds import By, Deed
from silin.matters.models import Category, Matter
from silin.matters.raising import Report, raise_matter
from silin.people import queries as people
from silin.people.models import Holding, Organisation, Post, PostKind
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.numbers import number
from silin.places.queries import calendar

KEY = CATEGORY = "rectification"
OWNERS = (
    "community_desk",
    "community_secretary",
    "street_duty",
    "street_centre_head",
    "county_duty",
    "city_duty",
    "city_admin",
)
"""The posts that answer for a unit, the first first."""
UNITS = (Level.COMMUNITY, Level.STREET, Level.COUNTY)
PERIOD = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4])?)?")
CODE = re.compile(r"[0-9A-Za-z._-]{0,24}")


@dataclass(frozen=True)
class Problem:
    """What falls short in a unit (a community, a street, a county), as it is set as a task.

    ``reference`` and ``group`` are codes of others, ``period`` is ``2026``, ``2026-Q2`` or ``2026-06``; each
    may be empty. ``owner`` answers for it (None: who answers for the unit), ``setter`` set it (None: whoever
    raises it, by their own post; for the system the desk above the owner). ``own_number`` and ``listed`` are
    those of a list of the year.
    """

    heading: str
    words: str
    unit: Place
    reference: str = ""
    group: str = ""
    period: str = ""
    measured: str = ""
    target: str = ""
    deadline: date | None = None
    owner: Post | None = None
    setter: Post | None = None
    own_number: str = ""
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A problem as it is kept: by whom it is set, until when, and whether the unit found it itself."""

    problem: Problem
    setter: Post | None
    deadline: date
    self_reported: bool


def raise_rectification(by: By, problem: Problem) -> Matter:
    """Set a task, or give the one that was set for the same reference, unit and period already.

    Raises ``NotAllowed`` where a person sets no tasks there, ``Refused``: ``bad_unit``, ``bad_period``,
    ``bad_code``, ``no_owner``, ``own_task`` where the owner would strike off their own, ``too_early``.
    """
    owner, (setter, found_itself) = _hands(by, problem)
    if (earlier := standing(problem)) is not None:
        return earlier
    task = _task(by, problem, owner, setter, found_itself=found_itself)
    report = Report(
        words=problem.words,
        title=problem.heading,
        category=Category.objects.get(pk=CATEGORY),
        place=problem.unit,
        channel="office",
        to=owner,
        until=task.deadline,
        beside=task,
    )
    try:
        with transaction.atomic():
            return raise_matter(KEY, by, report)
    except IntegrityError:  # somebody was quicker
        earlier = standing(problem)
        if earlier is None:
            raise
        return earlier


def prepare(by: By, problem: Problem) -> Task:
    """The task that would be set; nothing is written. Raises as ``raise_rectification``."""
    owner, (setter, found_itself) = _hands(by, problem)
    return _task(by, problem, owner, setter, found_itself=found_itself)


def begin(deed: Deed) -> None:
    """Hook: write down what was set. Raises ``NotAllowed`` for what came another way than as a task."""
    task, matter = deed.beside, deed.matter
    if not isinstance(task, Task):
        raise NotAllowed
    said = task.problem
    Rectification(
        matter=matter,
        unit=said.unit,
        reference=said.reference,
        group=said.group,
        period=said.period,
        measured=clean_words(said.measured, field="measured", at_most=60),
        target=clean_words(said.target, field="target", at_most=60),
        own_number=said.own_number,
        listed=dict(said.listed),
        deadline=task.deadline,
        setter=task.setter,
        self_reported=task.self_reported,
    ).save(force_insert=True)
    if deed.actor is not None:
        deed.post = task.setter if not task.self_reported else _own_post(deed.actor, said.unit, deed.now)
    matter.raiser = None  # set by a post: nobody reads of it among what they reported themselves
    deed.fields["until"] = task.deadline.isoformat()
    outcome = "self_reported" if task.self_reported else "found"
    origin = "person" if deed.actor else "system"
    deed.fact("problem.opened", kind=said.group, outcome=outcome, origin=origin)
    deed.messages = []
    assert matter.holder is not None
    deed.tell(people.holders(matter.holder, deed.now), "rectification_set", link_to(matter))
    if task.setter is not None and (deed.actor is None or task.self_reported):
        deed.tell(people.holders(task.setter, deed.now), "rectification_raised", link_to(matter))


def link_to(matter: Matter) -> str:
    """The page of it, for everybody who may read it."""
    return f"/desk/rectify/{matter.number}/"


def standing(problem: Problem) -> Matter | None:
    """What was set already for the same reference, unit and period, or under the same number of a list."""
    same = Q(pk__in=[])
    if problem.reference:
        same |= Q(reference=problem.reference, period=problem.period)
    if problem.own_number:
        same |= Q(own_number=problem.own_number)
    row = Rectification.objects.filter(same, unit=problem.unit).first()
    return Matter.objects.with_names().get(pk=row.pk) if row is not None else None


def owner_of(unit: Place, now: datetime) -> Post | None:
    """Who answers for a unit: its desk, else that of the nearest place above; whoever is on duty just now."""
    staffed = Holding.objects.current(localdate(now)).values("post")
    posts = Post.objects.open().filter(place__in=unit.path_ids, kind__in=OWNERS, pk__in=staffed)
    rows = list(posts.select_related("kind", "place", "organisation"))
    order = {kind: n for n, kind in enumerate(OWNERS)}
    return min(rows, key=lambda post: (order[post.kind_id], post.serial), default=None)


def seat_of(body: Organisation, now: datetime) -> Post | None:
    """The staffed post that answers for an organisation: the highest of those that handle matters."""
    posts = Post.objects.open().of_people().filter(organisation=body).select_related("kind", "place")
    able = [post for post in posts if "matters.handle" in post.kind.capabilities]
    able.sort(key=lambda post: (-post.kind.rank, post.serial))
    return next((post for post in able if people.holders(post, now)), None)


def sets_tasks(kind: PostKind) -> bool:
    """Whether somebody on a post of this kind sets tasks: a desk, who compares places, a bureau's clerk."""
    if kind.is_for_systems:
        return False
    clerk = kind.belongs_to == "bureau" and "matters.handle" in kind.capabilities
    return clerk or not {"matters.triage", "league.see"}.isdisjoint(kind.capabilities)


def setting_posts(user: User, now: datetime) -> list[Post]:
    """The posts by which ``user`` sets tasks."""
    return [post for post in people.posts_of(user, now) if sets_tasks(post.kind)]


def are_one(setter: Post, owner: Post) -> bool:
    """Whether the two are the same post, or of the same body: neither strikes off for the other."""
    return setter == owner or (
        setter.organisation_id is not None and setter.organisation_id == owner.organisation_id
    )


def usual_deadline(unit: Place, now: datetime) -> date:
    """Until when it is to be put right where nobody sets a day."""
    days = int(number("rectification.handle_days", unit.path))
    return localdate(calendar().add_days(now, days).at)


def _hands(by: By, problem: Problem) -> tuple[Post, tuple[Post | None, bool]]:
    """Who answers for it; who set it, and whether the unit found it itself."""
    _check(problem)
    owner = problem.owner or owner_of(problem.unit, by.now)
    if owner is None:
        raise Refused("no_owner", _("Nobody answers for this place yet."), field="unit")
    return owner, _set_by(by, problem, owner)


def _task(by: By, problem: Problem, owner: Post, setter: Post | None, *, found_itself: bool) -> Task:
    deadline = problem.deadline or usual_deadline(problem.unit, by.now)
    if deadline <= localdate(by.now):
        raise Refused("too_early", _("Please choose a day to come."), field="deadline")
    if setter is not None and are_one(setter, owner):
        raise Refused("own_task", _("Nobody strikes off their own: choose somebody else."), field="owner")
    return Task(problem, setter, deadline, found_itself)


def _check(problem: Problem) -> None:
    if problem.unit.level not in UNITS:
        raise Refused("bad_unit", _("A task is set for a community, a street or a county."), field="unit")
    if not PERIOD.fullmatch(problem.period):
        message = _("Write a period like 2026, 2026-Q2 or 2026-06.")
        raise Refused("bad_period", message, field="period")
    for name in ("reference", "group", "own_number"):
        if not CODE.fullmatch(getattr(problem, name)):
            message = _("A code is letters, digits, dots and dashes, 24 at most.")
            raise Refused("bad_code", message, field=name)


def _set_by(by: By, problem: Problem, owner: Post) -> tuple[Post | None, bool]:
    """Who set it, and whether the unit found it itself; its own finding is checked by the level above."""
    if by.actor is None:
        return problem.setter or people.desk_above(owner, by.now), False
    path = problem.unit.path
    there = [each for each in setting_posts(by.actor, by.now) if path.startswith(each.place.path)]
    above = [each for each in there if each.place.path != path]
    if above:
        return max(above, key=lambda each: (len(each.place.path), -each.kind.rank)), False
    if there:
        return people.desk_above(owner, by.now), True
    raise NotAllowed(_("That lies outside the place you work in."), field="unit")


def _own_post(user: User, unit: Place, now: datetime) -> Post | None:
    return next((each for each in setting_posts(user, now) if each.place_id == unit.pk), None)
