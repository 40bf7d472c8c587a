"""What a community cannot settle alone: the street is whistled, and by it the departments of the county."""

from __future__ import annotations

from datetime import datetime, timedelta

from silin.demo.fates import Fate
from silin.demo.stage import Stage, Steps, at_work
from silin.demo.words import talk
from silin.matters import handling, oversight, whistling
from silin.matters.deeds import By
from silin.matters.models import Colour, Matter
from silin.people.models import Post
from silin.places.queries import calendar

LONG = 10  # working days: a department that is given fewer asks for time
HELPED = 0.2  # share of the calls in which a second department comes along


def whistled(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """The desk asks the street; it takes the matter itself or calls one or two departments."""
    yield (now := at_work(now, fate.pick))
    street = stage.street(fate.area)
    by = By(stage.desk(fate.area), now, words=stage.said(fate, talk()["whistle"]))
    whistling.whistle(matter, by, lead=street[0])
    yield (now := at_work(now, fate.pick))
    if fate.hands == "street":
        return (yield from _comes(stage, fate, matter, now))
    lead, helper = stage.departments(fate.area, fate.saying.category)
    others = [helper] if fate.pick.random() < HELPED else []
    by = By(street[1], now, words=stage.said(fate, talk()["call"], also="also_coming"))
    whistling.whistle(matter, by, lead=lead, others=others)
    now = yield from _comes(stage, fate, matter, now)
    if others:
        yield (now := at_work(now, fate.pick))
        _helps(stage, fate, matter, now, helper)
    return (yield from _given_time(stage, fate, matter, now))


def _comes(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """Whoever was called reports in, in time or not, and takes the matter."""
    yield (now := calendar().add_hours(now, fate.pick.uniform(0.3, 5.2)).at)
    matter.refresh_from_db()
    whistling.report_in(matter, By(stage.holder(matter)[1], now))
    yield (now := now + timedelta(minutes=fate.pick.uniform(5, 40)))
    handling.accept(matter, By(stage.holder(matter)[1], now))
    return now


def _helps(stage: Stage, fate: Fate, matter: Matter, now: datetime, helper: Post) -> None:
    """The second department does its part within the hour."""
    user = stage.sitting(helper.pk)[1]
    for verb in (whistling.report_in, whistling.take_part):
        verb(matter, By(user, now))
    whistling.finish(matter, By(user, now, words=stage.said(fate, talk()["part_done"])))


def _given_time(stage: Stage, fate: Fate, matter: Matter, now: datetime) -> Steps:
    """Work that has to be ordered takes longer than a grid's: most ask for time and get it."""
    yield (now := at_work(now, fate.pick))
    matter.refresh_from_db()
    days = matter.category.handle_days
    if days >= LONG or matter.handle_due is None or matter.out_of_time(now):
        return now
    until = calendar().add_days(matter.handle_due, round(days * fate.pick.uniform(0.6, 1))).at.date()
    holder, above = stage.holder(matter)[1], stage.county(fate.area)
    asking = By(holder, now, words=stage.said(fate, talk()["ask_time"]))
    handling.ask(matter, asking, what="extend", until=until)
    yield (now := at_work(now, fate.pick))
    matter.refresh_from_db()
    if matter.colour == Colour.LATE or matter.out_of_time(now):
        return now  # it was asked for too late
    giving = By(above, now, words=stage.said(fate, talk()["give_time"]))
    oversight.extend(matter, giving, until=until)
    return now
