"""Every word of the book of facts: which room writes it, which columns it fills, what it means.

A word is never reused for something else. ``name day unit place n origin subject`` belong to every word;
``amount`` stays 1 unless the word lists it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CHANNELS = frozenset(["web", "wechat", "phone", "counter", "worker", "hotline", "device", "api", "office"])
LEVELS = frozenset(["grid", "community", "street", "county", "city"])
ORIGINS = frozenset(["person", "system", "device", "department", "evidence", "survey"])
OPTIONAL = ("kind", "category", "channel", "outcome", "level", "grade", "on_time", "hours", "amount")


@dataclass(frozen=True)
class Word:
    """One fact name. ``outcomes`` is its closed set, empty where the room that writes it has its own."""

    room: str
    columns: frozenset[str]
    meaning: str
    outcomes: frozenset[str] = frozenset()


def word(room: str, columns: str, meaning: str, outcomes: str = "") -> Word:
    """A word from its columns and outcomes, each a blank-separated list."""
    return Word(room, frozenset(columns.split()), meaning, frozenset(outcomes.split()))


def matter(columns: str, meaning: str, outcomes: str = "") -> Word:
    """A word of the engine: what sort of matter it was stands in every one of them."""
    return word("matters", f"kind category channel level {columns}", meaning, outcomes)


ENDINGS = "fixed on_the_spot advised passed_on not_accepted not_feasible duplicate not_found cancelled"

MATTERS = {
    "matter.raised": matter("", "a matter was raised"),
    "matter.joined": matter("", "somebody else met it too"),
    "matter.dispatched": matter("amount", "it was sent on; level = to whom, amount = departments"),
    "matter.reported_in": matter("on_time hours", "a whistled department came or spoke with the raiser"),
    "matter.contacted": matter("on_time hours", "the first call to the raiser"),
    "matter.returned": matter("", "whoever had it sent it back"),
    "matter.deferred": matter("", "put on the watch list until a review day"),
    "matter.supervised": matter("", "the level above set it under supervision"),
    "matter.rated": matter("grade", "a whistled department, graded by who whistled"),
    "matter.answered": matter("outcome on_time hours", "its handler answered", ENDINGS),
    "matter.verified": matter("outcome", "somebody else looked at the answer", "passed failed"),
    "matter.closed": matter("outcome on_time hours", "it ended", ENDINGS),
    "matter.reopened": matter("", "it was taken up again after it had ended"),
    "matter.overdue": matter("", "it passed its deadline"),
    "matter.warned": matter("outcome", "it changed colour", "yellow red"),
    "matter.escalated": matter("", "the next level joined; level = to whom"),
    "matter.reviewed": matter("grade", "its raiser graded it"),
    "matter.graded": matter("outcome", "the risk of a dispute was graded", "green yellow red"),
    "matter.mediated": matter("outcome", "a meeting about a dispute was held", "agreed again failed"),
    "matter.put_right": matter("on_time", "whoever got a bad review put it right"),
    "matter.appealed": matter("outcome", "an appeal against a bad review was decided", "granted dismissed"),
    "matter.looked_back": matter("outcome", "the level above looked again", "held fell_back"),
}

VISITS = {
    "visit.due": word("visits", "kind category", "a visit that should be made; kind = purpose"),
    "visit.made": word(
        "visits", "kind category outcome on_time", "a visit made; category = need tag", "first repeat"
    ),
    "round.due": word("visits", "", "a daily round that should be made"),
    "round.made": word("visits", "on_time amount", "a daily round made; amount = findings"),
    "summary.due": word("visits", "", "a weekly summary that should be written"),
    "summary.made": word("visits", "on_time", "a weekly summary written"),
    "care.due": word("visits", "category", "a contact that a care plan asks for; category = need tag"),
    "care.contact": word("visits", "category on_time", "a contact that was made; category = need tag"),
    "assist.due": word("visits", "kind", "help that was asked for; kind = help, on_behalf, accompany"),
    "assist.done": word("visits", "kind on_time", "help that was given; kind = help, on_behalf, accompany"),
}

STATIONS = {
    "slot.booked": word("stations", "kind channel", "a slot was booked"),
    "slot.kept": word("stations", "kind channel on_time", "whoever booked it came"),
    "slot.missed": word("stations", "kind channel", "whoever booked it did not come"),
    "booklet.given": word("stations", "kind amount", "booklets handed out; amount = how many"),
}

VOLUNTEERING = {
    "activity.held": word("volunteering", "kind amount hours", "an activity; amount = participants"),
    "course.held": word("volunteering", "kind amount hours", "a course; amount = attendees"),
    "service.hours": word("volunteering", "kind amount", "service; kind = line, amount = minutes"),
    "member.registered": word("volunteering", "kind", "a member registered; kind = person, organisation"),
    "points.earned": word("volunteering", "kind amount", "points earned; amount = points"),
    "points.spent": word("volunteering", "kind amount", "points spent; amount = points"),
    "pair.made": word("volunteering", "kind", "two neighbours were paired"),
}

FUND = {
    "fund.given": word("fund", "kind amount", "a donation; amount in fen"),
    "fund.granted": word("fund", "kind amount", "a grant; amount in fen"),
    "fund.household_helped": word("fund", "kind", "a household was helped"),
}

DELIBERATION = {
    "meeting.held": word(
        "deliberation",
        "kind amount",
        "a meeting; kind = four_party, joint, council, estate; amount = attendees",
    ),
    "motion.decided": word("deliberation", "kind outcome", "a motion was decided"),
    "motion.due": word("deliberation", "kind", "a decided motion that should be carried out"),
    "motion.done": word("deliberation", "kind on_time", "a decided motion was carried out"),
    "vote.held": word("deliberation", "kind amount", "a vote; amount = ballots"),
    "project.due": word("deliberation", "kind", "a project that should be finished; kind = works, micro"),
    "project.done": word("deliberation", "kind on_time", "a project was finished; kind = works, micro"),
    "award.given": word("deliberation", "kind", "an award was given"),
    "pledge.signed": word("deliberation", "kind", "a pledge was signed"),
}

DEVICES = {
    "alarm.raised": word("devices", "kind", "a device raised an alarm"),
    "alarm.false": word("devices", "kind", "an alarm turned out to be none"),
    "device.down_hours": word("devices", "kind amount", "a device was silent; amount = hours"),
}

CIRCLE = {
    "circle.residents": word("circle", "amount", "residents counted; amount = the difference"),
    "circle.reached": word(
        "circle",
        "kind category amount",
        "residents who reach a facility kind; category = m5, m10, m15, cumulative",
    ),
    "circle.step_free": word(
        "circle", "kind category amount", "as circle.reached, by a way without steps or barriers"
    ),
    "circle.bus_lines": word("circle", "amount", "bus lines within reach; amount = the difference"),
}


def stock(room: str, meaning: str, columns: str = "", outcomes: str = "") -> Word:
    """A word for how many there are: ``amount`` is the signed difference to what the book already says."""
    return word(room, f"{columns} amount", meaning, outcomes)


STOCKS = {
    "stock.communities": stock("places", "communities, 1 each"),
    "stock.households": stock("people", "households"),
    "stock.residents": stock("people", "residents"),
    "stock.grids": stock("places", "grids"),
    "stock.grids_staffed": stock("people", "grids with a worker"),
    "stock.grids_led": stock("places", "grids with a party branch or group"),
    "stock.micro_grids": stock("places", "micro-grids"),
    "stock.buildings": stock("places", "buildings"),
    "stock.buildings_headed": stock("people", "buildings with a head"),
    "stock.estates": stock("places", "estates"),
    "stock.estates_managed": stock("people", "estates with a property manager"),
    "stock.estates_committee": stock("people", "estates with an owners' committee"),
    "stock.estates_covered": stock("places", "estates covered; kind = camera, sensor", "kind"),
    "stock.estates_old": stock("places", "old estates"),
    "stock.estates_renewed": stock("places", "old estates that were renewed"),
    "stock.lifts_wanted": stock("places", "entrances that want a lift"),
    "stock.lifts": stock("places", "lifts added"),
    "stock.parking": stock("places", "parking places"),
    "stock.chargers": stock("places", "charging points; kind = car, bike", "kind"),
    "stock.devices": stock("devices", "devices", "kind"),
    "stock.devices_online": stock("devices", "devices that are heard from", "kind"),
    "stock.teams": stock("volunteering", "teams", "kind"),
    "stock.volunteers": stock("volunteering", "volunteers"),
    "stock.members": stock("volunteering", "registered members"),
    "stock.stations": stock("stations", "stations"),
    "stock.service_items": stock("stations", "service items", "outcome", "online counter"),
    "stock.service_guides": stock("stations", "service items with a published guide"),
    "stock.advisers": stock("people", "advisers", "kind"),
    "stock.elders_alone": stock("people", "elders who live alone"),
    "stock.facilities": stock("places", "facilities", "kind"),
}

RECTIFICATION = {
    "problem.opened": word(
        "rectification",
        "kind category channel level outcome",
        "a task was set to put something right; kind = its group; outcome = who found it",
        "found self_reported",
    ),
    "problem.struck_off": word(
        "rectification",
        "kind category channel level outcome on_time",
        "it was checked and struck off; kind = its group; outcome = how it was checked",
        "spot file",
    ),
    "problem.fell_back": word(
        "rectification", "kind category channel level", "a look back found it worse again; kind = its group"
    ),
}

ASSESSMENT = {
    "evidence.verified": word(
        "assessment", "kind amount", "a point of a checklist, proved; kind = indicator"
    ),
    "survey.answers": word("assessment", "kind amount", "answers to a survey; kind = question"),
    "survey.satisfied": word("assessment", "kind amount", "those of them who are satisfied; kind = question"),
}
OUTSIDE = re.compile(r"outside\.[a-z_]{1,20}(\.of)?")
OUTSIDE_WORD = word(
    "assessment", "amount", "a bureau's own figure; outside.X = its numerator, outside.X.of = its denominator"
)

WORDS: dict[str, Word] = {
    **MATTERS,
    **VISITS,
    **STATIONS,
    **VOLUNTEERING,
    **FUND,
    **DELIBERATION,
    **DEVICES,
    **CIRCLE,
    **STOCKS,
    **RECTIFICATION,
    **ASSESSMENT,
}


def find(name: str) -> Word | None:
    """The word that ``name`` is, or None; every series that a bureau may report is one too."""
    return WORDS.get(name) or (OUTSIDE_WORD if OUTSIDE.fullmatch(name) else None)
