"""Setting posts up and closing them, giving them to people and ending that."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.accounts.sessions import end_sessions
from silin.history.actions import record
from silin.lib.dates import day_words
from silin.lib.ids import new_id
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.lib.text import clean_words
from silin.notices.actions import Message, queue
from silin.people import queries
from silin.people.administrators import KINDS as ADMINISTRATORS
from silin.people.administrators import check_apart, check_somebody_gives, separate
from silin.people.models import Holding, HoldingQuerySet, Organisation, Post, PostKind, Resident, today
from silin.places.levels import Level
from silin.places.models import Building, Place

TELEPHONE_AT_MOST = 20


@transaction.atomic
def add_post(
    kind: str,
    place: Place,
    *,
    actor: User | None,
    now: datetime,
    serial: int | None = 1,
    building: Building | None = None,
    organisation: Organisation | None = None,
    telephone: str = "",
    key: UUID | None = None,
) -> Post:
    """Set up one seat at ``place``. ``actor`` None is the installer; others need ``people.edit`` there.

    ``serial`` None takes the next number. The same ``key`` a second time gives the seat that there is.

    Raises ``NotAllowed``, or ``Refused`` (``bad_post`` where that kind of post does not belong to the level,
    ``wrong_organisation``, ``post_taken``, ``missing``, ``too_long``).
    """
    _may_edit(actor, place)
    Place.objects.select_for_update().only("pk").get(pk=place.pk)
    if key is not None and (there := Post.objects.filter(pk=key, place=place).first()):
        return there
    row = PostKind.objects.filter(pk=kind).first()
    if row is None or not fits(row, place, building):
        raise Refused("bad_post", _("There is no such post at this level."), field="kind")
    if actor is not None:
        check_organisation(row, organisation)
    post = Post(pk=key or new_id(), kind=row, place=place, building=building, organisation=organisation)
    post.telephone = clean_words(telephone, field="telephone", at_most=TELEPHONE_AT_MOST)
    beside = Post.objects.filter(kind=row, **_seat(post))
    post.serial = serial or (beside.aggregate(last=Max("serial"))["last"] or 0) + 1
    if beside.filter(serial=post.serial).exists():
        raise Refused("post_taken", _("There is a post of that number already."), field="serial")
    post.save(force_insert=True)
    record(
        subject=post.subject, action="add", actor=actor, now=now, fields={"kind": kind, "place": place.code}
    )
    return post


def fits(kind: PostKind, place: Place, building: Building | None = None) -> bool:
    """Whether a seat of this kind may stand at ``place``, or in a building of it."""
    of_building = building is not None and place.pk == building.grid_id
    return kind.level == (Level.MICRO_GRID if of_building else place.level)


def belongs(kind: PostKind, organisation: Organisation | None) -> bool:
    """Whether a seat of this kind may belong to ``organisation``, or to none."""
    return not kind.belongs_to or (organisation is not None and organisation.kind == kind.belongs_to)


def _seat(post: Post) -> dict[str, object]:
    return {"building": post.building} if post.building else {"building": None, "place": post.place}


def check_organisation(kind: PostKind, organisation: Organisation | None) -> None:
    """Whether a seat of this kind may belong to it. Raises ``Refused`` (``wrong_organisation``)."""
    if not belongs(kind, organisation):
        words = {"kind": Organisation.Kind(kind.belongs_to).label}
        message = _("This post belongs to an organisation of the kind “%(kind)s”. Please choose one.") % words
        raise Refused("wrong_organisation", message, field="organisation")


@transaction.atomic
def change_post(
    post: Post,
    *,
    telephone: str,
    organisation: Organisation | None,
    actor: User | None,
    now: datetime,
    seen: str | None = None,
) -> Post:
    """Another office telephone or organisation of a post. ``seen`` is what ``reach_mark`` said before.

    Raises as ``add_post`` does, and ``Changed``.
    """
    fresh = _lock(post)
    _may_edit(actor, fresh.place)
    if seen is not None and seen != reach_mark(fresh):
        raise Changed(_("Somebody changed this since you looked. Please look at it as it stands."))
    if actor is not None:
        check_organisation(fresh.kind, organisation)
    fresh.telephone = clean_words(telephone, field="telephone", at_most=TELEPHONE_AT_MOST)
    fresh.organisation = organisation
    fresh.save(update_fields=["telephone", "organisation"])
    fields = {"organisation": str(organisation.pk) if organisation else ""}
    record(subject=fresh.subject, action="change", actor=actor, now=now, fields=fields)
    return fresh


def reach_mark(post: Post) -> str:
    """How the post is reached and whose it is, as one short text: it changes with every change."""
    return f"{post.organisation_id or ''} {post.telephone}"


@transaction.atomic
def close_post(post: Post, *, actor: User | None, now: datetime) -> Post:
    """Do away with a seat that nobody holds. Raises ``NotAllowed``, ``Refused`` (``post_held``)."""
    fresh = _lock(post)
    _may_edit(actor, fresh.place)
    if fresh.closed_on is not None:
        return fresh
    if _lasting(fresh, today(now), None).exists():
        raise Refused("post_held", _("Somebody holds this post. End that first."))
    fresh.closed_on = today(now)
    fresh.save(update_fields=["closed_on"])
    record(subject=fresh.subject, action="close", actor=actor, now=now)
    return fresh


@transaction.atomic
def reopen_post(post: Post, *, actor: User | None, now: datetime) -> Post:
    """Undo ``close_post``; open already is no matter. Raises ``NotAllowed``, ``Refused`` (``closed``)."""
    fresh = _lock(post)
    _may_edit(actor, fresh.place)
    if fresh.closed_on is None:
        return fresh
    body, day = fresh.organisation, today(now)
    if body is not None and body.active_until is not None and body.active_until <= day:
        raise Refused("closed", _("%(name)s no longer exists.") % {"name": body.name})
    fresh.closed_on = None
    fresh.save(update_fields=["closed_on"])
    record(subject=fresh.subject, action="reopen", actor=actor, now=now)
    return fresh


@transaction.atomic
def appoint(
    post: Post,
    user: User,
    *,
    actor: User | None,
    now: datetime,
    stand_in: bool = False,
    since: date | None = None,
    until: date | None = None,
    cross: bool = False,
    origin: str = "",
    seen: str | None = None,
) -> Holding:
    """Give ``post`` to ``user`` from a day on (today), for good or until a day; an earlier holder ends then.

    ``seen`` is what ``seat_mark`` said when the person decided: if somebody else was appointed meanwhile they
    are told instead of replacing them unknowingly. The same person a second time changes nothing.

    Raises ``NotAllowed``, ``Changed``, ``Refused`` (``bad_dates``, ``post_closed``, ``no_origin``,
    ``two_administrators``, ``not_yourself``).
    """
    fresh, since = _lock(post), since or today(now)
    _may_edit(actor, fresh.place)
    _check_appointment(fresh, user, since, until, origin)
    check_apart(fresh, user, since, actor)
    held = list(_lasting(fresh, since, until).filter(stand_in=stand_in))
    for each in held:
        if each.user_id == user.pk and each.valid_until == until:
            return each
    if seen is not None and seen != seat_mark(fresh, now):
        raise Changed(_("Somebody was appointed or left since you looked. Please look at it as it stands."))
    _make_room([each for each in held if not stand_in or each.user_id == user.pk], since, now)
    about = {"stand_in": stand_in, "cross": cross, "origin": origin}
    holding = Holding(post=fresh, user=user, valid_from=since, valid_until=until, **about)
    holding.save(force_insert=True)
    user.__dict__.pop("_holdings", None)
    _note_appointment(holding, actor, now)
    if fresh.kind_id in ADMINISTRATORS:
        separate(now)
    return holding


def _note_appointment(holding: Holding, actor: User | None, now: datetime) -> None:
    fields: dict[str, object] = {"user": str(holding.user_id), "stand_in": holding.stand_in}
    fields["from"] = holding.valid_from.isoformat()
    if holding.valid_until:
        fields["until"] = holding.valid_until.isoformat()
    record(subject=holding.post.subject, action="appoint", actor=actor, now=now, fields=fields)
    if actor is not None:
        _tell([holding.user], "post_stand_in" if holding.stand_in else "post_given", holding.post, now)


def seat_mark(post: Post, now: datetime) -> str:
    """Who sits there and will, as one short text: it changes with every appointment and end."""
    rows = _lasting(post, today(now), None).order_by("pk")
    return " ".join(f"{key}:{until or ''}" for key, until in rows.values_list("pk", "valid_until"))


def _lasting(post: Post, since: date, until: date | None) -> HoldingQuerySet:
    """The holdings that share at least a day with the time from ``since`` to ``until``."""
    rows = Holding.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since), post=post)
    return rows.filter(valid_from__lt=until) if until else rows


def _check_appointment(post: Post, user: User, since: date, until: date | None, origin: str) -> None:
    if post.closed_on is not None:
        raise Refused("post_closed", _("This post was closed."))
    if until is not None and until <= since:
        raise Refused("bad_dates", _("The last day lies before the first."), field="until")
    if post.kind.is_for_systems or user.is_system:
        raise Refused("system_post", _("A system holds its own post, and a person never holds one of these."))
    if origin and not post.kind.with_origin:
        raise Refused("no_origin", _("Only a grid steward comes from somewhere."), field="origin")


def _make_room(held: list[Holding], since: date, now: datetime) -> None:
    for each in held:
        if each.valid_from > since:
            begins = day_words(each.valid_from, with_year=True)
            message = _("Somebody is to begin there on %(day)s. Choose a last day before that.")
            raise Refused("bad_dates", message % {"day": begins}, field="until")
        each.valid_until = since
        each.save(update_fields=["valid_until"])
        if since <= today(now):
            _leave(each, now)


@transaction.atomic
def end(holding: Holding, *, actor: User | None, now: datetime, on: date | None = None) -> Holding:
    """End a holding today, or on a later day; the post stays and with it whatever lies in its hands.

    Whoever stands in answers for it from then on and is told; where nobody does, those who lead are. Somebody
    who holds nothing any more is signed out everywhere at once. A second time changes nothing.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``, ``last_administrator``).
    """
    post = _lock(holding.post)
    _may_edit(actor, post.place)
    fresh = Holding.objects.select_related("user", "post__kind", "post__place").get(pk=holding.pk)
    last = max(on or today(now), fresh.valid_from)
    if fresh.valid_until is not None and fresh.valid_until <= min(last, today(now)):
        return fresh
    if on is not None and on < today(now):
        raise Refused("bad_dates", _("That day is over. Choose today or a later one."), field="on")
    check_somebody_gives(fresh, last)
    fresh.valid_until = holding.valid_until = last
    fresh.save(update_fields=["valid_until"])
    fields = {"user": str(fresh.user_id), "on": last.isoformat()}
    record(subject=post.subject, action="end", actor=actor, now=now, fields=fields)
    if last <= today(now):
        _leave(fresh, now)
        _hand_over(post, fresh, now)
    return fresh


@transaction.atomic
def take_back_end(holding: Holding, *, actor: User | None, now: datetime) -> Holding:
    """Undo ``end``: of a later day until that day, of today on the same day. They sign in anew.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates`` where the day is over or somebody else comes after).
    """
    post, day = _lock(holding.post), today(now)
    _may_edit(actor, post.place)
    fresh = Holding.objects.select_related("user", "post__kind").get(pk=holding.pk)
    if fresh.valid_until is None:
        return fresh
    after = _lasting(post, fresh.valid_until, None).filter(stand_in=False).exclude(pk=fresh.pk)
    if fresh.valid_until < day or post.closed_on is not None or (not fresh.stand_in and after.exists()):
        raise Refused("bad_dates", _("That can no longer be taken back. Give the post anew."))
    check_apart(post, fresh.user, day, actor)
    fresh.valid_until = fresh.ended_at = holding.valid_until = None
    fresh.save(update_fields=["valid_until", "ended_at"])
    fields = {"user": str(fresh.user_id)}
    record(subject=post.subject, action="take_back_end", actor=actor, now=now, fields=fields)
    return fresh


@transaction.atomic
def take_leave(holding: Holding, now: datetime) -> None:
    """The last day of a holding has passed: the same that ``end`` does today. Twice does nothing more."""
    post = _lock(holding.post)
    fresh = Holding.objects.select_related("user").get(pk=holding.pk)
    if fresh.ended_at is None:
        _leave(fresh, now)
        _hand_over(post, fresh, now)


def _leave(holding: Holding, now: datetime) -> None:
    """The end takes effect: whoever holds nothing any more is signed out everywhere."""
    holding.ended_at = now
    holding.save(update_fields=["ended_at"])
    user = holding.user
    user.__dict__.pop("_holdings", None)
    if not Holding.objects.current(today(now)).filter(user=user).exists():
        end_sessions(user)


def _hand_over(post: Post, left: Holding, now: datetime) -> None:
    """Tell whoever answers for the post now; if nobody does, whoever leads there."""
    if left.stand_in:
        return
    if heirs := queries.holders(post, now):
        _tell(heirs, "post_left", post, now)
        return
    above = {each.pk: each for each in (queries.leader_of(post, now), queries.desk_above(post, now)) if each}
    users = {user.pk: user for each in above.values() for user in queries.holders(each, now)}
    _tell(list(users.values()), "post_vacant", post, now)


def _tell(users: list[User], name: str, post: Post, now: datetime) -> None:
    params = {"post": str(post.kind), "place": post.place.short_name}
    queue([Message(name, user, params, link=LINKS[name].format(post=post.pk)) for user in users], now=now)


LINKS = {
    "post_given": "/desk/",
    "post_stand_in": "/desk/",
    "post_left": "/desk/",
    "post_vacant": "/desk/post/{post}/",
}


@transaction.atomic
def settle_in(user: User, place: Place, *, building: Building | None = None) -> Resident:
    """Note that ``user`` lives in the grid ``place`` (their own word; nobody else is told)."""
    resident, _made = Resident.objects.update_or_create(
        user=user, defaults={"place": place, "building": building}
    )
    return resident


def _lock(post: Post) -> Post:
    Post.objects.select_for_update().only("pk").get(pk=post.pk)
    return Post.objects.select_related("kind", "place").get(pk=post.pk)


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm("people.edit", place):
        raise NotAllowed(_("You cannot give posts here."))
