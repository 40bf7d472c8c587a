"""Writing a report step by step, and sending it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.files.actions import forget as forget_file
from silin.files.actions import keep_image
from silin.files.models import File
from silin.files.sounds import keep_sound
from silin.forms.models import FormVersion
from silin.kinds.report.kind import KIND
from silin.kinds.report.models import Draft, DraftPhoto
from silin.lib.ids import new_id
from silin.lib.masking import cover, find_personal
from silin.lib.refusal import Refused
from silin.lib.text import clean_words
from silin.matters.categories import PROPOSED, suggest
from silin.matters.deeds import WORDS_AT_MOST, By
from silin.matters.joining import join
from silin.matters.models import Category, Matter
from silin.matters.raising import Report, raise_matter
from silin.places.locating import Located, locate
from silin.places.models import Building, Estate, Place

PHOTOS_AT_MOST = 6
KEPT_OF_WORDS = 20_000  # too long to be sent, kept all the same until it is shortened
SPOT_AT_MOST = 60
LEFT_OFF = timedelta(days=7)
KEEP_UNSENT = timedelta(days=30)
KEEP_SENT = timedelta(days=1)
CHANNEL = "web"


@dataclass(frozen=True)
class Spot:
    """Where a report is: a point in degrees of ``datum``, or a building, or a place.

    ``name`` is what the place alone does not say: the estate that was chosen.
    """

    point: tuple[float, float, str] | None = None
    building: Building | None = None
    place: Place | None = None
    name: str = ""


def open_draft(user: User, wanted: UUID | None, now: datetime) -> Draft:
    """The person's own draft with this id (a new one where there is none, or where it is somebody else's).

    Without an id the one they left off at in the last week. A new draft is written by the first change.
    """
    drafts = Draft.objects.select_related("category", "place", "building__estate", "building__grid", "voice")
    if wanted is None:
        lately = drafts.filter(user=user, number="", changed_at__gt=now - LEFT_OFF).order_by("-changed_at")
        return lately.first() or Draft(id=new_id(), user=user, changed_at=now)
    found = drafts.filter(pk=wanted).first()
    if found is None:
        return Draft(id=wanted, user=user, changed_at=now)
    if found.user_id != user.pk:
        return Draft(id=new_id(), user=user, changed_at=now)
    found.user = user
    return found


def write_words(draft: Draft, words: str, now: datetime) -> None:
    """Keep what was typed, then look at it. Raises ``Refused`` (``missing``, ``too_long``)."""
    typed = words.replace("\x00", "")
    at_least = 0 if draft.voice_id else 1
    try:
        draft.words = clean_words(typed, field="words", at_least=at_least, at_most=WORDS_AT_MOST)
    except Refused:
        draft.words = typed[:KEPT_OF_WORDS]
        _save(draft, now)
        raise
    _save(draft, now)


def add_photos(draft: Draft, uploads: Iterable[UploadedFile[bytes]], now: datetime) -> list[Refused]:
    """Keep the photos that are any good; the others come back as refusals that name them."""
    refused: list[Refused] = []
    room = PHOTOS_AT_MOST - len(files_of(draft))
    for upload in uploads:
        if room <= 0:
            message = _("%(n)d photos are enough. The others were left out.") % {"n": PHOTOS_AT_MOST}
            return [*refused, Refused("too_many_photos", message, field="photos")]
        try:
            file = keep_photo(upload)
        except Refused as refusal:
            refused.append(refusal)
            continue
        _save(draft, now)
        room -= DraftPhoto.objects.get_or_create(draft=draft, file=file)[1]
    return refused


def keep_photo(upload: UploadedFile[bytes]) -> File:
    """One photo. Raises ``Refused`` with the file's name in front, as ``files.actions.keep_image`` does."""
    try:
        return keep_image(upload)
    except Refused as refusal:
        message = f"{upload.name}: {refusal.message}"
        raise Refused(refusal.code, message, field="photos", status=refusal.status) from refusal


def keep_voice(draft: Draft, upload: UploadedFile[bytes], now: datetime) -> None:
    """What somebody said into their phone instead of writing. Raises ``Refused`` as ``keep_sound`` does."""
    before, draft.voice = draft.voice_id, keep_sound(upload)
    _save(draft, now)
    _forget_files(before)


def drop_voice(draft: Draft, now: datetime) -> None:
    """Take the voice note away again."""
    before, draft.voice = draft.voice_id, None
    _save(draft, now)
    _forget_files(before)


def withhold_name(draft: Draft, withheld: bool, now: datetime) -> None:
    """Whether those who handle it may read who it was (保密)."""
    if draft.name_withheld != withheld:
        draft.name_withheld = withheld
        _save(draft, now)


def join_instead(draft: Draft, matter: Matter, now: datetime) -> Matter:
    """Say "me too" about ``matter`` with the words and photos of the draft, which is done with that.

    Raises what ``matters.joining.join`` does.
    """
    by = By(draft.user, now, client_id=draft.pk, words=draft.words)
    joined = join(matter, by, photos=files_of(draft))
    _delete(Draft.objects.filter(pk=draft.pk))
    return joined


def drop_photo(draft: Draft, sha256: str) -> None:
    """Take a photo away again."""
    DraftPhoto.objects.filter(draft=draft, file=sha256).delete()
    _forget_files(sha256)


def files_of(draft: Draft) -> list[File]:
    """Its photos in the order in which they came."""
    if draft._state.adding:
        return []
    return [row.file for row in DraftPhoto.objects.filter(draft=draft).select_related("file")]


def note_spot(draft: Draft, spot: str, now: datetime) -> None:
    """Where exactly, in the person's own words. Raises ``Refused`` (``too_long``)."""
    draft.spot = clean_words(spot, field="spot", at_most=SPOT_AT_MOST)
    _save(draft, now)


def choose_spot(draft: Draft, spot: Spot, now: datetime) -> None:
    """Where it is. Raises ``Refused`` (``bad_point``, ``bad_datum``, ``outside``): then nothing changes."""
    located = locate(*spot.point) if spot.point is not None else None
    if not draft.spot or _is_an_estate(draft):
        draft.spot = spot.name
    if spot.point is not None and located is not None:
        draft.lon, draft.lat, draft.datum = spot.point
        draft.place, draft.building = located.place, located.building
    else:
        draft.lon = draft.lat = None
        draft.datum = ""
        draft.place, draft.building = spot.place, spot.building
    _save(draft, now)


def choose_category(draft: Draft, category: Category | None, now: datetime) -> None:
    """What it is about, where the person knows better than the proposal."""
    draft.category = category
    _save(draft, now)


def cover_words(draft: Draft, now: datetime) -> None:
    """Put stars over telephone numbers, identity cards and number plates, in the words and at the spot."""
    draft.words = cover(draft.words, find_personal(draft.words))
    draft.spot = cover(draft.spot, find_personal(draft.spot))
    _save(draft, now)


def category_of(draft: Draft) -> Category | None:
    """The chosen category, else the likeliest for its words; None where nothing fits."""
    if draft.category is not None:
        return draft.category
    return next((category for category, _score in suggest(draft.words)), None)


def likely(draft: Draft) -> list[Category]:
    """The chosen category and the likeliest for its words, three at most."""
    found = [category for category, _score in suggest(draft.words)]
    chosen = [draft.category] if draft.category is not None else []
    return [*chosen, *(each for each in found if each not in chosen)][:PROPOSED]


def send(
    draft: Draft,
    now: datetime,
    photos: Sequence[File] = (),
    answers: Mapping[str, Any] | None = None,
    answers_to: FormVersion | None = None,
) -> Matter:
    """Raise the matter; ``photos`` beside those of the draft. Sent twice, it is one matter.

    ``answers`` are those to what the category asks, ``answers_to`` the version that was shown.

    Raises ``Refused`` (``no_category``, ``no_place`` and those of ``raise_matter``).
    """
    category = category_of(draft)
    if category is None:
        raise Refused("no_category", _("Please choose what it is about."), field="category")
    report = Report(
        words=draft.words,
        category=category,
        place=draft.place,
        building=draft.building,
        located=_located(draft),
        spot=draft.spot,
        channel=CHANNEL,
        photos=(*photos, *files_of(draft)),
        voice=draft.voice,
        name_withheld=draft.name_withheld,
        answers=answers,
        answers_to=answers_to,
    )
    matter = raise_matter(KIND.key, By(draft.user, now, client_id=draft.pk), report)
    if not draft._state.adding:
        Draft.objects.filter(pk=draft.pk).update(number=matter.number, changed_at=now)
    return matter


def adopt(guest: User, user: User, now: datetime) -> None:
    """What a guest was writing is the account's."""
    Draft.objects.filter(user=guest).update(user=user)


def forget(now: datetime) -> None:
    """Delete drafts that were sent a day ago, and those nobody has touched for a month."""
    _delete(Draft.objects.filter(changed_at__lt=now - KEEP_UNSENT))
    _delete(Draft.objects.exclude(number="").filter(changed_at__lt=now - KEEP_SENT))


def _is_an_estate(draft: Draft) -> bool:
    """Whether the spot is the name of the estate that was chosen before: another choice takes it along."""
    if draft.place_id is None or draft.building_id is not None or draft.lon is not None:
        return False
    return Estate.objects.filter(name=draft.spot).exists()


def _located(draft: Draft) -> Located | None:
    if draft.lon is None or draft.lat is None:
        return None
    return locate(draft.lon, draft.lat, draft.datum)


def _delete(drafts: QuerySet[Draft]) -> None:
    """Delete drafts, and the files that nothing else shows."""
    keys = list(drafts.values_list("pk", flat=True))
    rows = Draft.objects.filter(pk__in=keys)
    said = list(rows.values_list("voice", flat=True))
    shown = list(DraftPhoto.objects.filter(draft__in=keys).values_list("file", flat=True))
    rows.delete()
    _forget_files(*said, *shown)


def _forget_files(*names: str | None) -> None:
    for sha256 in set(names):
        if sha256 is not None:
            forget_file(sha256)


def has_said(draft: Draft) -> bool:
    """Whether somebody has said what is wrong, in words or into their phone."""
    return bool(draft.words or draft.voice_id)


def _save(draft: Draft, now: datetime) -> None:
    """Write it down. Under the wanted id, unless that is somebody else's by now: then under a new one.

    The same form may be sent twice at once; from a browser that nobody knows yet, that is two guests.
    """
    draft.changed_at = now
    if not draft._state.adding:
        draft.save(force_update=True)
        return
    Draft.objects.bulk_create([draft], ignore_conflicts=True)
    if not Draft.objects.filter(pk=draft.pk, user=draft.user).exists():
        draft.pk = new_id()
        Draft.objects.bulk_create([draft])
