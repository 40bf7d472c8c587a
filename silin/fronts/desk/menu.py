"""The menu of the desk and what stands in its bar: place, post, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from silin.accounts.models import User
from silin.kinds.rectification.queries import works_with
from silin.lib.sheets.sheet import find_sheets
from silin.matters.showing import AT_MOST, tab_counts
from silin.people import queries as people
from silin.people.models import Post

FRONT = "desk"
PREFIX = ("/desk/", "/admin/")
CAPABILITY = "matters.triage"


@dataclass(frozen=True)
class Item:
    """A line of the menu under the heading ``group``."""

    group: str
    url: str
    label: str
    icon: str
    current: bool
    count: str = ""
    accent: bool = False


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menu`` of the desk's pages and their bar, worked out where a page shows it."""
    if FRONT not in settings.SILIN_FRONTS or not request.path.startswith(PREFIX):
        return {}
    if not isinstance(request.user, User):
        return {"home_url": reverse("matters:desk"), "sign_in_url": reverse("accounts:sign_in")}
    user = request.user
    post = SimpleLazyObject(lambda: _post(user))
    shown: dict[str, Any] = {
        "menu": SimpleLazyObject(lambda: items(request, user)),
        "home_url": reverse("matters:desk"),
        "search_url": reverse("matters:desk"),
        "sign_out_url": reverse("accounts:sign_out"),
        "here": SimpleLazyObject(lambda: str(post.place) if post else ""),
        "post_name": SimpleLazyObject(lambda: str(post.kind) if post else ""),
    }
    if settings.IDLE_MINUTES:
        shown |= {"lock_url": reverse("accounts:lock"), "switch_url": reverse("accounts:switch")}
    shown["me_url"] = reverse("people:desk_me")
    shown["notices_url"] = reverse("notices:desk_inbox")
    shown["notices_count"] = SimpleLazyObject(lambda: tab_counts(user, timezone.now())["notices"])
    return shown


def items(request: HttpRequest, user: User) -> list[Item]:
    """The doors that exist, with how much lies behind them; one statement for all the counts."""
    counts = tab_counts(user, timezone.now()) if user.has_perm(CAPABILITY) else {}
    found = [*_matters(request, counts), *_places(request, user), *_set_up(request, user)]
    if works_with(user, timezone.now()):
        tasks = reverse("rectification:lists")
        at_tasks = request.path.startswith(tasks)
        found.append(Item(_("Assessment"), tasks, _("Rectification"), "check", at_tasks))
    if user.has_perm("league.see"):
        assessed = reverse("assessment:desk")
        found.append(
            Item(_("Assessment"), assessed, _("The four types"), "chart", request.path.startswith(assessed))
        )
        stands = reverse("matters:desk_standing_start")
        at_it = request.path.startswith(stands)
        found.append(Item(_("Assessment"), stands, _("How matters stand"), "eye", at_it))
        watched = reverse("matters:desk_watch_start")
        at_list = request.path.startswith(watched)
        found.append(Item(_("Assessment"), watched, _("Watch list"), "flag", at_list))
        league = reverse("matters:desk_league")
        current = request.path.startswith(league)
        found.append(Item(_("Assessment"), league, _("Closed on time"), "chart", current))
    return found


def _matters(request: HttpRequest, counts: dict[str, int]) -> list[Item]:
    if not counts:
        return []
    desk, tab, group = reverse("matters:desk"), request.GET.get("tab", ""), pgettext("menu", "Matters")
    new, inside = reverse("matters:desk_new"), request.path.startswith(reverse("matters:desk") + "m/")
    listed, reviews = request.path == desk, reverse("bad_review:reviews")
    disputes = reverse("dispute:disputes")
    first = (listed and tab not in ("going", "verify", "overdue")) or inside
    return [
        Item(group, desk, _("Inbox"), "list", first, _said(counts["mine"])),
        Item(
            group,
            f"{desk}?tab=going",
            _("In hand"),
            "swap",
            listed and tab == "going",
            _said(counts["going"]),
        ),
        Item(
            group,
            f"{desk}?tab=verify",
            _("To be looked at"),
            "eye",
            listed and tab == "verify",
            _said(counts["verify"]),
        ),
        Item(
            group,
            f"{desk}?tab=overdue",
            _("Overdue"),
            "clock",
            listed and tab == "overdue",
            _said(counts["overdue"]),
            accent=counts["overdue"] > 0,
        ),
        Item(group, disputes, _("Disputes"), "people", request.path.startswith(disputes)),
        Item(group, reviews, _("Bad reviews"), "flag", request.path == reviews),
        Item(group, new, _("Note one down"), "plus", request.path == new),
        *_of_the_day(request, group),
    ]


def _outside(request: HttpRequest, group: str, name: str) -> Item:
    there = reverse(name)
    return Item(group, there, _("Other systems"), "link", request.path.startswith(there))


def _of_the_day(request: HttpRequest, group: str) -> list[Item]:
    day, shifts = reverse("matters:desk_day_start"), reverse("matters:desk_handovers")
    return [
        Item(group, day, _("The day"), "chart", request.path.startswith(day)),
        Item(group, shifts, _("Shift hand-over"), "swap", request.path.startswith(shifts)),
        _outside(request, group, "matters:desk_outside"),
    ]


def _places(request: HttpRequest, user: User) -> list[Item]:
    group, found = _("Places"), []
    if user.has_perm("places.see"):
        places = reverse("places:desk")
        found.append(
            Item(group, places, pgettext("menu", "Territory"), "map", request.path.startswith(places))
        )
    if user.has_perm("places.edit"):
        grids = reverse("places:grids_start")
        found.append(Item(group, grids, _("Grids"), "pin", request.path.startswith(grids)))
    found += _people(request, user, group)
    if user.has_perm("settings.edit"):
        texts = reverse("places:desk_settings")
        found.append(Item(group, texts, _("Settings of the city"), "edit", request.path == texts))
    if user.has_perm("city.set_up"):
        categories = reverse("matters:desk_categories")
        current = request.path.startswith(categories)
        found.append(Item(group, categories, _("Categories"), "list", current))
    if any(user.has_perm(capability) for capability in {sheet.capability for sheet in find_sheets()}):
        tables = reverse("imports:desk")
        found.append(Item(group, tables, _("Tables in and out"), "swap", request.path.startswith(tables)))
    if user.has_perm("households.see"):
        homes = reverse("people:desk_households")
        current = request.path.startswith(("/desk/household/", homes))
        found.append(Item(group, homes, _("Register of homes"), "home", current))
    if user.has_perm("requests.answer"):
        asked = reverse("people:desk_requests")
        found.append(Item(group, asked, _("Asked about data"), "info", request.path.startswith(asked)))
    if "wall" in settings.SILIN_FRONTS and (post := _post(user)):
        found.append(
            Item(group, reverse("matters:wall_place", args=[post.place.code]), _("Wall"), "vote", False)
        )
    if "worker" in settings.SILIN_FRONTS and user.has_perm("matters.handle"):
        found.append(Item(group, reverse("matters:worker"), _("On the phone"), "phone", False))
    return found


def _people(request: HttpRequest, user: User, group: str) -> list[Item]:
    if not user.has_perm("people.see"):
        return []
    found: list[Item] = []
    posts = reverse("people:desk_posts")
    on_posts = request.path.startswith((posts, "/desk/post/"))
    found.append(Item(group, posts, _("Who is on what post"), "people", on_posts))
    rosters = reverse("people:desk_rosters")
    found.append(Item(group, rosters, _("Rosters"), "clock", request.path.startswith(rosters)))
    bodies = reverse("people:desk_organisations")
    on_bodies = request.path.startswith((bodies, "/desk/organisation/"))
    found.append(Item(group, bodies, _("Organisations"), "building", on_bodies))
    teams = reverse("people:desk_teams")
    on_teams = request.path.startswith((teams, "/desk/team/"))
    found.append(Item(group, teams, _("Teams"), "people", on_teams))
    people_page = reverse("people:desk_people")
    found.append(Item(group, people_page, _("Find people"), "search", request.path == people_page))
    return found


def _set_up(request: HttpRequest, user: User) -> list[Item]:
    group, found = _("Set-up"), []
    if user.has_perm(CAPABILITY):
        rules = reverse("matters:desk_rules")
        found.append(Item(group, rules, _("Who gets what"), "swap", request.path.startswith(rules)))
    elif user.has_perm("city.set_up"):
        found.append(_outside(request, group, "matters:desk_outside_all"))
    doors = (
        ("city.set_up", "operation:set_up", _("Before opening"), "list"),
        ("system.run", "operation:operator", _("The machines"), "chart"),
        ("system.run", "people:desk_clients", _("Systems with a key"), "swap"),
        ("system.run", "exchange:desk", _("Webhooks"), "send"),
        ("rights.edit", "people:desk_retention", _("How long things are kept"), "clock"),
    )
    for capability, name, label, icon in doors:
        if user.has_perm(capability):
            url = reverse(name)
            found.append(Item(group, url, label, icon, request.path.startswith(url)))
    if user.has_perm("system.run") or user.has_perm("rights.edit"):
        tables = reverse("admin:index")
        found.append(Item(group, tables, _("Set-up tables"), "list", request.path.startswith(tables)))
    return found


def _post(user: User) -> Post | None:
    """The post that the bar names: the highest by which the person sits at a desk, else the highest."""
    mine = people.posts_of(user, timezone.now())
    at_desk = [post for post in mine if CAPABILITY in post.kind.capabilities]
    return next(iter(at_desk or mine), None)


def _said(n: int) -> str:
    return f"{n}+" if n >= AT_MOST else str(n) if n else ""
