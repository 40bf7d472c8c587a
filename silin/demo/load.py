"""Loading the demo city: all of it or nothing, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from silin.demo import duties, grumbles, hotline, moment, quarrels, rest, shortfalls, systems
from silin.demo.blocks import quarters
from silin.demo.faces import groups
from silin.demo.fates import fates
from silin.demo.furnish import furnish
from silin.demo.ground import lay
from silin.demo.groups import organise
from silin.demo.lives import life
from silin.demo.measured import begin_the_book, read_the_book
from silin.demo.people import Names
from silin.demo.pictures import album
from silin.demo.register import register
from silin.demo.ruling import lay_down
from silin.demo.shifts import hand_over_desks
from silin.demo.staff import CITY, hire
from silin.demo.stage import Play, Progress, Stage, as_sent
from silin.demo.words import Speaker
from silin.lib.refusal import Refused
from silin.matters.categories import load_categories
from silin.matters.models import Category
from silin.places.models import Place, Revision

LOADED = "demo_city"  # the revision that says that the city is there


@dataclass(frozen=True)
class Loaded:
    """What ``load`` found or made: whether it was there already."""

    already: bool


def load(progress: Progress, *, now: datetime | None = None) -> Loaded:
    """Write the demo city as of ``now`` (this moment) in one transaction; a second time does nothing.

    Takes about half a minute: one matter in twelve of the half-year is there, ``rest`` brings the others.
    Raises ``Refused`` (``not_empty``) where the database holds another city.
    """
    if Revision.objects.number(LOADED):
        return Loaded(already=True)
    if Place.objects.exists():
        raise Refused(
            "not_empty", _("There is another city in this database. The demo needs one of its own.")
        )
    moment_of_loading = now or timezone.now()
    progress(0, 1, _("Drawing pictures"))
    pictures = album()
    with transaction.atomic():
        progress(0, 1, _("Laying out streets and houses"))
        ground = lay(quarters(), moment_of_loading)
        progress(0, 1, _("Giving out posts"))
        names = Names("city")
        crew = hire(ground, names, moment_of_loading)
        progress(0, 1, _("Opening shops and forming teams"))
        furnish(ground, moment_of_loading)
        organise(ground, crew, moment_of_loading)
        duties.more_seats(ground, names, moment_of_loading)
        register(ground, crew, moment_of_loading)
        load_categories()
        categories = Category.objects.in_bulk()
        stage = Stage(ground, crew, pictures, categories, Speaker("city"))
        _play(stage, moment_of_loading, progress)
        hand_over_desks(stage, moment_of_loading)
        hotline.set_up(categories, moment_of_loading)
        lay_down(ground.places[CITY], categories, moment_of_loading)
        duties.rosters(ground, crew, moment_of_loading)
        duties.gaps(ground, moment_of_loading)
        as_sent(moment_of_loading)
        begin_the_book(moment_of_loading)
        Revision.objects.bump(LOADED)
    read_the_book(moment_of_loading, progress)
    return Loaded(already=False)


def accounts() -> list[str]:
    """Lines to print: who can be played, and how to become them."""
    lines = [_("Choose whom to be at /demo/. Some of them:")]
    lines += [f"  {card.name}  {card.what}" for group in groups() for card in group.cards]
    lines.append(_("Programs come in at /api/v1 and /open311/v2 with a key:"))
    lines += [f"  {each.key}  {each.what}" for each in systems.shown()]
    return lines


def _play(stage: Stage, now: datetime, progress: Progress) -> None:
    """The first part of half a year of matters, story beside story, and what goes on at this moment."""
    play = Play(until=now)
    areas, homes = stage.ground.quarters, stage.crew.neighbours
    told = fates(areas, homes, now, stage.speaker, spare=shortfalls.counts())
    rest.leave(told)
    for fate in told:
        if fate.first:
            play.add(fate.at, life(stage, fate))
    for telling in moment.tellings(stage):
        play.add(moment.begins(telling, now), moment.lived(stage, telling, now))
    for telling in grumbles.tellings(stage):
        play.add(moment.begins(telling, now), grumbles.lived(stage, telling, now))
    for telling in quarrels.tellings(stage):
        play.add(moment.begins(telling, now), quarrels.lived(stage, telling, now))
    for telling in shortfalls.tellings(stage):
        play.add(moment.begins(telling, now), shortfalls.lived(stage, telling, now))
    play.run(lambda done, total: progress(done, total, _("Half a year in the neighbourhood")))
