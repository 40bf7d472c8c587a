"""Putting matters down, acting on them, and the grade that a raiser gives."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django import forms
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import File as FileParam
from ninja import Header, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from silin.accounts.models import User
from silin.files.actions import keep_image
from silin.files.models import File
from silin.fronts.open.rest import telling
from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.reading import matter_for
from silin.fronts.open.rest.reading import router as matters
from silin.fronts.open.rest.saying import ACT, PROBLEMS_OF_DEED, RAISE, REVIEW
from silin.fronts.open.rest.shapes import (
    MatterLine,
    MatterTold,
    NewDeed,
    NewMatter,
    NewReview,
    Reviewed,
    Upload,
)
from silin.lib.canonical import digest
from silin.lib.ids import new_id
from silin.lib.personal import read_phone
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.acts import FORMS, NEEDS, build, form_named
from silin.matters.callers import caller_of
from silin.matters.candidates import hands
from silin.matters.categories import leaves, suggest
from silin.matters.deeds import By
from silin.matters.forms import KEPT, KEPT_SECONDS, ActForm
from silin.matters.models import Category, Matter
from silin.matters.noting import kind_raised_by
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review_by_token
from silin.people.queries import posts_of
from silin.places.locating import locate
from silin.places.models import Building, Place

router = Router()
NOTE = "matters.note"
CHANNELS = {"hotline": "hotline"}
Key = Annotated[
    UUID | None,
    Header(alias="Idempotency-Key", description="The same key again gives the same answer, once done."),
]


@matters.post(
    "/matters",
    auth=Bearer(RAISE),
    response={201: MatterLine, **PROBLEMS_OF_DEED},
    summary="Put a new matter down",
)
def raise_a_matter(request: Asked, sent: NewMatter, idempotency_key: Key = None) -> Status[MatterLine]:
    """It is located, routed and given its deadline at once; the answer says its number."""
    user, now = caller(request), timezone.now()
    category, at, files = _category(sent), _where(sent), [_file(each, "uploads") for each in sent.uploads]
    with transaction.atomic():
        report = Report(
            words=sent.words,
            category=category,
            title=sent.title,
            channel=_channel(user),
            photos=files,
            answers=sent.answers,
            name_withheld=sent.name_withheld,
            spot=sent.spot,
            **_for_whom(sent, user),
            **at,
        )
        by = By(user, now, client_id=idempotency_key, sent=digest(sent.dict()))
        matter = raise_matter(kind_raised_by("anyone"), by, report)
    return Status(201, telling.seen_line(matter))


@matters.post(
    "/matters/{number}/actions",
    auth=Bearer(ACT),
    response={200: MatterTold, **PROBLEMS_OF_DEED},
    summary="Act on a matter",
)
def act_on_matter(
    request: Asked, number: Annotated[str, Field(max_length=40)], sent: NewDeed, idempotency_key: Key = None
) -> MatterTold:
    """Any action that the matter offers (``actions``), as a person of the same post would do it on a page."""
    user, now = caller(request), timezone.now()
    matter = matter_for(user, number)
    form_class = _form(sent.action, matter)
    form = build(
        form_class,
        matter,
        _typed(form_class, sent, idempotency_key),
        None,
        **_needs(form_class, matter, user),
    )
    form.sent = digest(sent.dict())
    done = form.submit(matter, user, now)
    if done is None:
        raise _refused(form)
    return telling.whole(matter_for(user, number), user, now)


@router.post(
    "/uploads",
    auth=Bearer(RAISE, ACT),
    response={201: Upload, **PROBLEMS_OF_DEED},
    summary="Upload a photo",
    tags=["uploads"],
)
def upload_photo(
    request: Asked, file: Annotated[UploadedFile, FileParam(description="JPEG, PNG or WebP, at most 20 MB.")]
) -> Status[Upload]:
    """What it is is looked at, whatever its name says; where and when it was taken is removed."""
    try:
        kept = keep_image(file)
    except Refused as refusal:
        status = {"file_too_big": 413, "image_too_large": 413, "file_type": 415}.get(
            refusal.code, refusal.status
        )
        raise Refused(refusal.code, refusal.message, field="file", status=status) from refusal
    return Status(201, Upload(id=signing.dumps(kept.pk, salt=KEPT), type=kept.mime, size=kept.size))


@router.post(
    "/reviews",
    auth=Bearer(REVIEW),
    response={200: Reviewed, **PROBLEMS_OF_DEED},
    summary="Pass on the grade of a raiser",
    tags=["reviews"],
)
def pass_on_review(request: Asked, sent: NewReview, idempotency_key: Key = None) -> Reviewed:
    """Only whoever was sent the secret can grade: a key alone never speaks in the name of a raiser."""
    said: dict[str, Any] = {"grade": sent.grade, "words": sent.words, "tags": sent.tags}
    matter = review_by_token(sent.token, now=timezone.now(), client_id=idempotency_key, **said)
    return Reviewed(number=matter.number, reviewed=True)


def _category(sent: NewMatter) -> Category:
    """What it is about: by its code, else by the words."""
    among = leaves()
    if sent.category:
        found = next((each for each in among if each.pk == sent.category), None)
    else:
        found = next((each for each, _score in suggest(sent.words, among)), None)
    if found is None:
        message = (
            _("There is no such category.")
            if sent.category
            else _("The words do not say it: please choose a category.")
        )
        raise Refused("no_category", message, field="category", status=422)
    return found


def _where(sent: NewMatter) -> dict[str, Any]:
    """Where it is, as ``Report`` takes it: exactly one of point, building and place."""
    if sum(each not in (None, "") for each in (sent.point, sent.building, sent.place)) != 1:
        message = _("Say where it is in one way: by a point, a building or a place.")
        raise Refused("no_place", message, field="point", status=422)
    if sent.point is not None:
        datum = {"WGS84": "WGS-84"}.get(sent.point.datum, sent.point.datum)
        return {"located": locate(sent.point.lon, sent.point.lat, datum)}
    if sent.building is not None:
        rows = Building.objects.select_related("estate", "grid")
        return {"building": _there(rows.filter(pk=sent.building), "building")}
    return {"place": _there(Place.objects.active().filter(code=sent.place), "place")}


def _there(rows: QuerySet[Any], field: str) -> Any:
    found = rows.first()
    if found is None:
        raise Refused("no_place", _("No such place."), field=field, status=422)
    return found


def _for_whom(sent: NewMatter, user: User) -> dict[str, Any]:
    """Whoever told of it, where the post takes things in for others; else the system speaks for itself."""
    if not user.has_perm(NOTE):
        if sent.on_behalf_of is not None:
            raise NotAllowed(_("This key puts nothing down for others."), field="on_behalf_of")
        return {}
    said = sent.on_behalf_of
    try:
        phone = read_phone(said.phone) if said and said.phone else ""
    except Refused as refusal:
        raise Refused(refusal.code, refusal.message, field="on_behalf_of.phone", status=422) from refusal
    return {"on_behalf": True, "raiser": caller_of(phone, said.name if said else "")}


def _channel(user: User) -> str:
    kinds = [post.kind_id for post in posts_of(user, timezone.now())]
    return next((CHANNELS[kind] for kind in kinds if kind in CHANNELS), "api")


def _file(receipt: str, field: str) -> File:
    """The photo of a receipt. Raises ``Refused`` (``no_upload``)."""
    try:
        found = File.objects.filter(pk=signing.loads(receipt, salt=KEPT, max_age=KEPT_SECONDS)).first()
    except signing.BadSignature:
        found = None
    if found is None:
        raise Refused("no_upload", _("There is no such upload, or it is too old."), field=field, status=422)
    return found


def _form(action: str, matter: Matter) -> type[ActForm]:
    """The form of an action: by its own name, or by that in the table where it has only one."""
    of_table = FORMS.get(action, ())
    found = of_table[0] if len(of_table) == 1 else form_named(action, matter.declared)
    if found is None:
        raise NotFound(_("Nothing is done with a matter under that name."), field="action")
    return found


def _needs(form: type[ActForm], matter: Matter, user: User) -> dict[str, Any]:
    """What a form has to choose from, looked up where it needs that."""
    need = NEEDS.get(form, "")
    if need == "leaves":
        return {need: leaves()}
    return {need: getattr(hands(matter, user, timezone.now()), need)} if need else {}


def _typed(form: type[ActForm], sent: NewDeed, key: UUID | None) -> QueryDict:
    """What was sent, as a page would have sent it. Raises ``Refused`` (``unknown_field``, ``no_upload``)."""
    data = QueryDict(mutable=True)
    for name, value in sent.fields.items():
        field = form.base_fields.get(name)
        if field is None or name in telling.OWN:
            raise Refused("unknown_field", _("Nothing of that name is known here."), field=name, status=422)
        values = value if isinstance(value, list) else [value]
        if telling.type_of(field) == "photos":
            for each in values:
                _file(str(each), name)
            data.setlist(f"{name}_kept", [str(each) for each in values])
        elif not isinstance(field, forms.BooleanField) or value:
            data.setlist(name, [str(each) for each in values if each is not None])
    data.update({"version": str(sent.version), "client_id": str(key or new_id()), "words": sent.words})
    return data


def _refused(form: ActForm) -> Refused:
    """Why not, as the form would say it at its field."""
    return form.refusal or Refused("bad_form", _("That could not be read."))
