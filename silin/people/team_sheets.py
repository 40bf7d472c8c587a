"""Teams, and who belongs to them, as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.refusal import Refused
from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.people.models import Team, TeamMember, TeamQuerySet, today
from silin.people.sheeting import (
    Accounts,
    Said,
    blank_as,
    bodies,
    body_columns,
    body_of,
    body_words,
    check_body,
    elsewhere,
    in_line,
    one_number_one_name,
    place_column,
    places,
    tidy_body,
    writer,
)
from silin.people.teams import AboutTeam, add_team, change_team, close_team, join_team, leave_team
from silin.places.sheeting import problem, within

TOLD = ("kind", "colour")


def load_teams(scope: Scope) -> dict[Key, Values]:
    """The teams at the place, also those that were closed: their names are taken."""
    rows = _teams(scope).select_related("organisation__place")
    return {
        (team.place.code, team.name): {
            "place": team.place.code,
            "name": team.name,
            **{name: getattr(team, name) for name in TOLD},
            **body_words(team.organisation, team.place),
            "active_from": team.active_from,
            "ended": team.active_until,
        }
        for team in rows.order_by("place__path", "name")
    }


def check_teams(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the place is one of the chosen one's, the organisation is there, and its days make sense."""
    here = places(scope, (row.values for row in rows))
    there = bodies(body_of(row.values) for row in rows)
    for row in rows:
        if row.values["place"] not in here:
            yield elsewhere(row)
            continue
        if len(row.values["name"]) < 2:
            yield problem(row, "name", "too_short", _("A name has two characters at least."))
        yield from check_body(row, there)
        yield from _check_days(row, known.get(TEAMS.key_of(row.values), {}), "active_from", "ended", scope)


def _check_days(row: Row, before: Values, first: str, last: str, scope: Scope) -> Iterator[CellProblem]:
    """Whether what began stays begun and what ended stays ended, and nothing ends before it begins."""
    after = {**before, **row.values}
    begun, ended = after.get(first) or today(scope.now), after.get(last)
    if before and begun != before[first]:
        what = _("This began on %(day)s. A table does not change that.") % {"day": before[first]}
        yield problem(row, first, "bad_dates", what, _("Leave the cell blank."))
    if before.get(last) and ended != before[last]:
        what = _("This has ended on %(day)s already.") % {"day": before[last]}
        yield problem(row, last, "ended", what)
    elif ended and ended < begun:
        yield problem(row, last, "bad_dates", _("The last day lies before the first."))


def write_teams(scope: Scope, changes: Sequence[Change]) -> None:
    """New teams, and what is now known about the others."""
    here = places(scope, (change.after for change in changes))
    there, by = bodies(body_of(change.after) for change in changes), writer(scope)
    known = {(team.place.code, team.name): team for team in _teams(scope)}
    for change in scope.watched(changes):
        values, wanted = change.after, body_of(change.after)
        told: dict[str, Any] = {name: values.get(name) or "" for name in TOLD}
        told |= {"name": values["name"], "organisation": there[wanted] if wanted else None}
        team = known.get((values["place"], values["name"]))
        if team is None:
            place, since = here[values["place"]], values.get("active_from")
            team = in_line(change, add_team, place, AboutTeam(**told), active_from=since, **by)
        elif any(told[name] != getattr(team, name) for name in told):
            about = AboutTeam(**told, joining=team.joining)
            team = in_line(change, change_team, team, about, **by)
        if (last := values.get("ended")) and team.active_until is None:
            in_line(change, close_team, team, on=last, **by)


def remove_teams(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take teams away to which nobody belongs yet."""
    known = {(team.place.code, team.name): team.pk for team in _teams(scope)}
    keys = {row.line: known[row.values["place"], row.values["name"]] for row in rows}
    return remove_rows(Team, keys)


def lock(scope: Scope) -> None:
    """Nobody changes the teams or who belongs to them meanwhile."""
    rows = _teams(scope).select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def load_members(scope: Scope) -> dict[Key, Values]:
    """Who belongs to the teams at the place or did last, of two of one name the one who still does."""
    rows = TeamMember.objects.filter(team__place__in=within(scope)).select_related("team__place", "user")
    known: dict[Key, Values] = {}
    for row in sorted(rows.order_by("team__place__path", "team__name", "valid_from", "pk"), key=_has_left):
        key = (row.team.place.code, row.team.name, row.user.name)
        if row.user.name and (key not in known or known[key]["ended"]):
            known[key] = {
                **dict(zip(("place", "team", "name"), key, strict=True)),
                "phone": row.user.phone or None,
                "captain": row.captain,
                "since": row.valid_from,
                "ended": row.valid_until,
            }
    return known


def check_members(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the team is there, and whoever is to belong to it can be found."""
    here = places(scope, (row.values for row in rows))
    teams = {(team.place.code, team.name): team for team in _teams(scope)}
    accounts = Accounts(scope, (_said(row.values) for row in rows))
    yield from one_number_one_name(rows, "name", "phone")
    captains: dict[Key, int] = {}
    for row in rows:
        team = teams.get((row.values["place"], row.values["team"]))
        if row.values["place"] not in here:
            yield elsewhere(row)
        elif team is None:
            what = _("This place has no team of this name.")
            yield problem(row, "team", "no_team", what, _("Correct it, or bring in teams first."))
        else:
            before = known.get(MEMBERS.key_of(row.values), {})
            yield from _check_member(row, before, team, accounts, scope)
            yield from _check_captain(row, captains)


def _check_member(
    row: Row, before: Values, team: Team, accounts: Accounts, scope: Scope
) -> Iterator[CellProblem]:
    yield from _check_days(row, before, "since", "ended", scope)
    since: date = row.values.get("since") or before.get("since") or today(scope.now)
    if not before and team.active_until is not None and team.active_until <= since:
        yield problem(row, "team", "closed", _("This team was closed."))
    try:
        if not before:
            accounts.find(_said(row.values))
        elif row.values.get("phone", before["phone"]) != before["phone"]:
            what = _("Somebody of this name belongs to the team with another number.")
            mend = _("If it is the same person, they sign in and change it themselves; leave the cell blank.")
            yield problem(row, "phone", "changed_phone", what, mend)
    except Refused as refusal:
        yield problem(row, "phone", refusal.code, str(refusal.message))


def _check_captain(row: Row, captains: dict[Key, int]) -> Iterator[CellProblem]:
    key = (row.values["place"], row.values["team"])
    leads = row.values.get("captain") and not row.values.get("ended")
    if leads and (line := captains.setdefault(key, row.line)) != row.line:
        what = _("Line %(n)s has a captain of this team already.") % {"n": line}
        yield problem(row, "captain", "two_captains", what)


def write_members(scope: Scope, changes: Sequence[Change]) -> None:
    """Whoever is new joins, who has become captain or is no longer says so, who has left leaves."""
    teams = {(team.place.code, team.name): team for team in _teams(scope)}
    accounts = Accounts(scope, (_said(change.after) for change in changes if not change.before))
    by = writer(scope)
    for change in scope.watched(sorted(changes, key=lambda each: bool(each.after.get("captain")))):
        values, before = change.after, change.before or {}
        team = teams[values["place"], values["team"]]
        member = _member(team, values["name"]) if before else None
        captain, since = bool(values.get("captain")), values.get("since")
        if member is None or member.captain != captain:
            user = member.user if member else in_line(change, accounts.need, _said(values))
            member = in_line(change, join_team, team, user, captain=captain, since=since, **by)
        if (last := values.get("ended")) and member.valid_until is None:
            in_line(change, leave_team, member, on=last, **by)


def remove_members(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take away that somebody belongs to a team; their account stays."""
    teams = {(team.place.code, team.name): team for team in _teams(scope)}
    keys = {
        row.line: _member(teams[row.values["place"], row.values["team"]], row.values["name"]).pk
        for row in rows
    }
    return remove_rows(TeamMember, keys)


def _teams(scope: Scope) -> TeamQuerySet:
    return Team.objects.filter(place__in=within(scope)).select_related("place", "organisation")


def _member(team: Team, name: str) -> TeamMember:
    rows = team.members.filter(user__name=name).select_related("user", "team")
    return sorted(rows.order_by("valid_from", "pk"), key=_has_left)[0]


def _has_left(row: TeamMember) -> bool:
    return row.valid_until is not None


def _said(values: Values) -> Said:
    return Said(values["name"], values.get("phone"))


def _team_column() -> Column:
    return columns.text(
        "team", gettext_lazy("Name of the team"), most=60, also=("队伍",), width=24, key=True, required=True
    )


def _team_columns() -> Iterable[Column]:
    yield place_column()
    title = gettext_lazy("Name of the team")
    yield columns.text("name", title, most=60, also=("队伍",), width=24, key=True, required=True)
    kind = gettext_lazy("Kind of team")
    yield columns.choice("kind", kind, dict(Team.Kind.choices), also=("类别", "类型"), required=True)
    yield columns.choice("colour", gettext_lazy("Colour"), dict(Team.Colour.choices))
    yield from body_columns()
    note = gettext_lazy("today if left blank")
    yield columns.day("active_from", gettext_lazy("Exists since"), note=note, also=("成立时间",), keeps=True)
    note = gettext_lazy("only where it ends: from this day on it no longer exists")
    yield columns.day("ended", gettext_lazy("No longer from"), note=note, keeps=True)


def _member_columns() -> Iterable[Column]:
    yield place_column()
    yield _team_column()
    yield columns.text(
        "name", gettext_lazy("Name of the person"), most=60, also=("姓名", "队员"), key=True, required=True
    )
    note = gettext_lazy("11 digits; who has no account yet gets one, and a message how to sign in")
    also = ("手机", "手机号", "手机号码", "联系电话")
    yield columns.phone("phone", gettext_lazy("Mobile number"), note=note, also=also, secret=True)
    yield blank_as(columns.yes_no("captain", gettext_lazy("Captain"), also=("队长",)), False)
    note = gettext_lazy("today if left blank")
    yield columns.day("since", gettext_lazy("From"), note=note, also=("加入日期",), keeps=True)
    note = gettext_lazy("only where somebody has left: from this day on")
    yield columns.day("ended", gettext_lazy("No longer from"), note=note, also=("退出日期",), keeps=True)


TEAMS = Sheet(
    key="teams",
    title=gettext_lazy("Teams"),
    about=gettext_lazy("Volunteers, patrols, choirs …, each with its colour."),
    capability="teams.edit",
    columns=list(_team_columns()),
    load=load_teams,
    write=write_teams,
    remove=remove_teams,
    check=check_teams,
    lock=lock,
    tidy=tidy_body,
    after=("organisations", "grids"),
)

MEMBERS = Sheet(
    key="team_members",
    title=gettext_lazy("Members of teams"),
    about=gettext_lazy("Who belongs to each team. Whoever is new gets an account and a text message."),
    capability="teams.edit",
    columns=list(_member_columns()),
    load=load_members,
    write=write_members,
    remove=remove_members,
    check=check_members,
    lock=lock,
    after=("teams", "posts"),
)
