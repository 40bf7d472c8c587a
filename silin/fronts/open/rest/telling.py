"""A matter as the API tells it: to whom it is more than a neighbour, in full; to others what is public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from silin.accounts.models import User
from silin.forms.answering import told as told_answers
from silin.fronts.open.rest.shapes import (
    Blank,
    Category,
    MatterLine,
    MatterTold,
    Offer,
    Part,
    Place,
    Raiser,
    Step,
)
from silin.lib.masking import mask_phone
from silin.matters import open as for_all
from silin.matters.acts import NEEDS, forms_for
from silin.matters.forms import ActForm, PhotosField
from silin.matters.models import Matter
from silin.matters.opening import calls_of
from silin.matters.table import action_of, allowed, may_read_name
from silin.matters.timeline import Step as Told
from silin.matters.timeline import steps
from silin.people.forms import DayField
from silin.places.models import Place as PlaceRow

SEE = "matters.see"
OWN = frozenset({"client_id", "version", "words"})


def line(matter: Matter) -> dict[str, Any]:
    """What a list says of a matter, to anybody who may see it."""
    return {
        "number": matter.number,
        "kind": matter.kind,
        "title": matter.title,
        "category": category(matter.category),
        "state": matter.state,
        "outcome": matter.outcome,
        "colour": matter.colour,
        "place": place(matter.place),
        "channel": matter.channel,
        "raised_at": matter.raised_at,
        "handle_due": matter.handle_due,
        "answered_at": matter.answered_at,
        "closed_at": matter.closed_at,
        "public": matter.public,
        "version": matter.version,
    }


def public_line(matter: Matter) -> MatterLine:
    """What a list of everybody says of a released matter: numbers and names in the title are covered."""
    return MatterLine(**{**line(matter), "title": for_all.covered(matter.title), "channel": ""})


def seen_line(matter: Matter) -> MatterLine:
    """What a list says of a matter that the post of the key sees."""
    return MatterLine(**line(matter))


def whole(matter: Matter, user: User, now: datetime) -> MatterTold:
    """All that ``user`` may read of it: as the office does, as its raiser would, or as everybody does."""
    looks = user.has_perm(SEE, matter)
    if not looks and matter.put_down_by_id != user.pk:
        return _public(matter)
    told = steps(matter, user, for_resident=not looks)
    raiser = matter.raiser if looks and may_read_name(matter, user) else None
    return MatterTold(
        **line(matter),
        words=matter.words,
        spot=matter.spot,
        building=str(matter.building or ""),
        lon=matter.lon,
        lat=matter.lat,
        answers=_answers(matter),
        holder=matter.holder.known_as if matter.holder else "",
        raiser=Raiser(name=str(raiser), phone=mask_phone(raiser.phone)) if raiser else None,
        steps=[_step(matter, each) for each in told],
        parts=_parts(matter) if looks else [],
        actions=_offers(matter, user, now),
    )


def _public(matter: Matter) -> MatterTold:
    """What everybody reads once a desk has released it: the very same as on the open page."""
    story = for_all.story(matter)
    return MatterTold(
        **{**line(matter), "title": story["title"], "channel": ""},
        words=story["words"],
        spot="",
        building="",
        lon=None,
        lat=None,
        answers=[],
        holder="",
        raiser=None,
        steps=[_step(matter, each, photos=False) for each in story["steps"]],
        parts=[],
        actions=[],
    )


def category(row: Any) -> Category:
    """A category by its code and the name of today."""
    return Category(code=row.pk, name=str(row))


def place(row: PlaceRow) -> Place:
    """A place by its code and short name."""
    return Place(code=row.code, name=row.short_name, level=str(row.level))


def _answers(matter: Matter) -> list[dict[str, str]]:
    version = matter.answers_to
    told = told_answers(version.schema, matter.answers) if version is not None else []
    return [{"label": label, "answer": answer} for label, answer in told]


def _step(matter: Matter, told: Told, *, photos: bool = True) -> Step:
    seen = [each for each in told.photos if each.file_id] if photos else []
    return Step(
        action=told.action,
        sentence=told.sentence,
        at=told.at,
        version=told.version,
        words=told.words,
        photos=[reverse("open:api:photo", args=[matter.number, each.pk]) for each in seen],
    )


def _parts(matter: Matter) -> list[Part]:
    return [
        Part(
            post=each.post.known_as,
            lead=each.lead,
            state=str(each.state),
            report_due=each.report_due,
            arrived_at=each.arrived_at,
            ended_at=each.ended_at,
        )
        for each in calls_of(matter)
    ]


def _offers(matter: Matter, user: User, now: datetime) -> list[Offer]:
    """What may be done now, with what each asks; from the same forms as the pages of staff."""
    able = allowed(matter, user, now)
    return [_offer(matter, form) for form in forms_for(matter, able).values() if type(form) not in NEEDS]


def _offer(matter: Matter, form: ActForm) -> Offer:
    row = action_of(matter.declared, form.do)
    needs = row.words if row else "words" in form.fields and form.fields["words"].required
    return Offer(action=form.do, title=str(form.title), needs_words=needs, fields=list(_fields(form)))


def _fields(form: ActForm) -> Iterable[Blank]:
    for name, field in form.fields.items():
        if name not in OWN:
            yield Blank(
                name=name,
                label=str(field.label or name),
                required=field.required,
                type=type_of(field),
                choices=[Category(code=code, name=words) for code, words in _choices(field)],
            )


def type_of(field: forms.Field) -> str:
    """In a word what goes into a field."""
    sorts: tuple[tuple[type[forms.Field], str], ...] = (
        (PhotosField, "photos"),
        (DayField, "day"),
        (forms.BooleanField, "tick"),
        (forms.MultipleChoiceField, "choices"),
        (forms.ChoiceField, "choice"),
    )
    return next((word for sort, word in sorts if isinstance(field, sort)), "text")


def _choices(field: forms.Field) -> Iterable[tuple[str, str]]:
    """What there is to choose from, groups opened."""
    if isinstance(field, forms.ChoiceField):
        listed: Any = field.choices
        for code, words in listed:
            inner = words if isinstance(words, list | tuple) else [(code, words)]
            yield from ((str(each), str(said)) for each, said in inner if str(each))
