"""The verbs of asking about one's own data: something is wrong, the office decides, the person is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits
from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.held import kept_models
from silin.lib.refusal import Changed, NotAllowed, Refused, Words
from silin.lib.text import clean_words
from silin.notices.actions import Message, queue
from silin.people import queries
from silin.people.models import DataRequest, Person
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.numbers import number
from silin.places.queries import calendar, root

WORDS_AT_MOST = 500
A_DAY = 10
ANSWER = "requests.answer"
DAYS = "people.request_days"
PAGE = "/me/privacy/"


def ask_correction(user: User, field: str, words: str, *, now: datetime) -> DataRequest:
    """``user`` says that what stands in ``field`` (``people.Household.door``) is wrong.

    The same words about the same field, while nobody has answered, are one request. Raises ``Refused``
    (``bad_field``, ``no_home``, ``missing``, ``too_long``, ``too_many``). Not to be called in a transaction:
    every try counts.
    """
    if field not in title_of_fields():
        raise Refused("bad_field", _("Please choose what is wrong."), field="field")
    said = clean_words(words, field="words", at_least=2, at_most=WORDS_AT_MOST)
    place = office_of(user)
    if place is None:
        raise Refused("no_home", _("Please say first where you live: your community answers."), field="words")
    limits.count(f"data requests by {user.pk}", A_DAY, timedelta(days=1), now)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        same = DataRequest.objects.open().filter(user=user, field=field, words=said).first()
        if same is not None:
            return same
        made = _made(place, now, kind=DataRequest.Kind.CORRECT, field=field, words=said)
        made.user, made.person = user, Person.objects.filter(user=user).first()
        made.save(force_insert=True)
        _line(made, "ask", user, now)
        _tell_office(made, now)
    return made


@transaction.atomic
def decide(asked: DataRequest, outcome: str, answer: str, *, actor: User, now: datetime) -> DataRequest:
    """The office has done what was asked, or not and says why; whoever asked is told.

    Raises ``NotAllowed``, ``Changed`` when somebody has answered, ``Refused`` (``bad_choice``, ``missing``).
    """
    if asked.user_id:  # the line stands in the chain of the person
        User.objects.select_for_update(no_key=True).get(pk=asked.user_id)
    row = DataRequest.objects.select_for_update(of=("self",)).select_related("place", "user").get(pk=asked.pk)
    if not actor.has_perm(ANSWER, row):
        raise NotAllowed
    if row.decided_at is not None:
        raise Changed(_("A colleague has answered this already."))
    if outcome not in DataRequest.Outcome.values:
        raise Refused("bad_choice", _("Please choose one of the list."), field="outcome")
    at_least = 2 if outcome == DataRequest.Outcome.REFUSED else 0
    row.answer = clean_words(answer, field="answer", at_least=at_least, at_most=WORDS_AT_MOST)
    row.outcome, row.decided_at, row.decided_by = outcome, now, actor
    row.save(update_fields=["answer", "outcome", "decided_at", "decided_by"])
    _line(row, "decide_request", actor, now, after=outcome)
    if row.user is not None:
        name = "data_request_done" if outcome == DataRequest.Outcome.DONE else "data_request_refused"
        queue([Message(name, row.user, {"place": row.place.short_name}, link=PAGE)], now=now)
    return row


def note_at_counter(
    person: Person, kind: str, asker: str, identity: str, *, actor: User, now: datetime
) -> DataRequest:
    """Write down that somebody came to the office about ``person`` and was given what they asked.

    Called by the verb that does it, in its transaction. Raises ``NotAllowed``, ``Refused`` (``bad_choice``).
    """
    if not actor.has_perm(ANSWER, person):
        raise NotAllowed(_("Your community’s office does that."))
    known = set(DataRequest.Identity.values) - {DataRequest.Identity.ACCOUNT}
    if asker not in DataRequest.Asker.values:
        raise Refused("bad_choice", _("Please say who asks."), field="asker")
    if identity not in known:
        raise Refused("bad_choice", _("Please say by what you know them."), field="identity")
    place = community_of(person) or _city()
    made = _made(place, now, kind=kind, asker=asker, identity=identity)
    made.person, made.outcome = person, DataRequest.Outcome.DONE
    made.decided_at, made.decided_by = now, actor
    made.save(force_insert=True)
    return made


def office_of(user: User) -> Place | None:
    """The community that answers ``user``: of their entry in the register, or where they said they live."""
    person = Person.objects.filter(user=user).first()
    if person is not None and (place := community_of(person)) is not None:
        return place
    resident = queries.resident_of(user)
    return _community(resident.place) if resident else None


def _city() -> Place:
    city = root()
    assert city is not None  # whoever answers holds a post at a place
    return city


def community_of(person: Person) -> Place | None:
    """The community of the home where a person lives or lived last."""
    rows = person.memberships.select_related("household__building__grid").order_by("-until", "-since")
    last = sorted(rows, key=lambda each: each.until is not None)
    return _community(last[0].household.building.grid) if last else None


def title_of_fields() -> dict[str, Words]:
    """What may be said to be wrong: every personal field of every room, by its label."""
    return {
        f"{kept.label}.{field.name}": field.title or field.name
        for kept in kept_models()
        for field in kept.fields
        if field.shown
    }


def _community(place: Place) -> Place:
    path = Place.objects.filter(pk__in=place.path_ids)
    return path.filter(level=Level.COMMUNITY).first() or place


def _made(place: Place, now: datetime, **said: str) -> DataRequest:
    due = calendar().add_days(now, int(number(DAYS, place.path)))
    return DataRequest(place=place, asked_at=now, due_at=due.at, **said)


def _tell_office(made: DataRequest, now: datetime) -> None:
    desk = queries.desk_over(made.place, now)
    told = queries.holders(desk, now) if desk else []
    link = f"/desk/requests/{made.pk}/"
    queue(
        [Message("data_request", each, {"place": made.place.short_name}, link=link) for each in told], now=now
    )


def _line(row: DataRequest, action: str, actor: User, now: datetime, after: str = "") -> None:
    fields = {"request": str(row.pk), "field": row.field}
    record(subject=row.subject, action=action, actor=actor, now=now, after=after, fields=fields)
