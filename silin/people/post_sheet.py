"""Posts and who sits there as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.refusal import Refused
from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows, stays
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.people.actions import add_post, belongs, change_post, end, fits
from silin.people.models import Holding, Organisation, Post, PostKind, PostQuerySet
from silin.people.post_terms import HOLDER, ROLES, STAND_IN, check_term, write_term
from silin.people.sheeting import (
    Accounts,
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
from silin.places.levels import Level
from silin.places.models import Building
from silin.places.sheeting import problem, within

MOST_SEATS = 999


def load(scope: Scope) -> dict[Key, Values]:
    """The posts at the place that nobody has closed, with whoever was given them last."""
    holdings, known = _last_holdings(scope), dict[Key, Values]()
    rows = _posts(scope).filter(closed_on=None)
    for post in rows.order_by("place__path", "-kind__rank", "kind", "building", "serial"):
        held = holdings.get(post.pk, {})
        holder = held.get(False)
        known[_key(post)] = {
            **dict(zip(KEY, _key(post), strict=True)),
            **body_words(post.organisation, post.place),
            "telephone": post.telephone,
            **HOLDER.told(holder),
            "cross": holder.cross if holder else False,
            "origin": holder.origin if holder else "",
            **STAND_IN.told(held.get(True)),
        }
    return known


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the seat may stand there, and whoever is to sit on it may."""
    ground = Ground(scope, [{**known.get(POSTS.key_of(row.values), {}), **row.values} for row in rows])
    for role in ROLES:
        yield from one_number_one_name(rows, role.name, role.phone)
    accounts = Accounts(scope, (role.said(row.values, {}) for row in rows for role in ROLES))
    for row in rows:
        before = known.get(POSTS.key_of(row.values), {})
        bad = list(_check_seat(scope, row, before, ground))
        yield from bad
        if not bad:
            yield from _check_about(row, before, ground)
            for role in ROLES:
                yield from check_term(role, row, before, accounts, scope)


class Ground:
    """What lines name, looked up once for all of them."""

    def __init__(self, scope: Scope, values: Sequence[Values]) -> None:
        self.places = places(scope, values)
        self.kinds = {kind.title: kind for kind in PostKind.objects.exclude(family=PostKind.Family.SYSTEM)}
        self.buildings = _buildings(scope) if any(each.get("building") for each in values) else {}
        self.bodies = bodies(body_of(each) for each in values)
        self.closed = {_key(post) for post in _posts(scope).exclude(closed_on=None)}

    def building(self, values: Values) -> Building | None:
        """The building in which a line puts the seat."""
        place = self.places[values["place"]]
        return self.buildings.get((place.pk, values.get("estate") or "", values.get("building") or ""))

    def body(self, values: Values) -> Organisation | None:
        """The organisation of a line."""
        wanted = body_of(values)
        return self.bodies.get(wanted) if wanted else None


def _check_seat(scope: Scope, row: Row, before: Values, ground: Ground) -> Iterator[CellProblem]:
    values, place = row.values, ground.places.get(row.values["place"])
    if place is None:
        yield elsewhere(row)
        return
    kind, building = ground.kinds.get(values["kind"]), ground.building(values)
    if kind is None or not fits(kind, place, building):
        words = {"level": Level(place.level).label}
        what = (
            _("There is no such kind of post.")
            if kind is None
            else _("No such post on this level: %(level)s.")
        )
        known = "、".join(each.title for each in ground.kinds.values() if each.level == place.level)
        yield problem(row, "kind", "bad_post", what % words, _("Choose among: %(known)s.") % {"known": known})
    if (values.get("estate") or values.get("building")) and building is None:
        what = _("No such building stands in this grid.")
        mend = _("Write estate and building as in the table of buildings.")
        yield problem(row, "building", "no_building", what, mend)
    if POSTS.key_of(values) in ground.closed:
        what = _("The seat of this number was closed. Take another number.")
        yield problem(row, "serial", "post_closed", what)
    yield from check_body(row, ground.bodies)
    body = ground.body({**before, **values})
    moved = not before or body_of({**before, **values}) != body_of(before)
    if kind and scope.actor is not None and moved and not belongs(kind, body):
        words = {"kind": Organisation.Kind(kind.belongs_to).label}
        what = _("This post belongs to an organisation of the kind “%(kind)s”.") % words
        yield problem(row, "organisation", "wrong_organisation", what)


def _check_about(row: Row, before: Values, ground: Ground) -> Iterator[CellProblem]:
    values = row.values
    if values.get("origin") and not ground.kinds[values["kind"]].with_origin:
        yield problem(row, "origin", "no_origin", _("Only a grid steward comes from somewhere."))
    same = before.get("name") and values.get("name", before["name"]) == before["name"]
    for name in ("cross", "origin"):
        if same and not before.get("ended") and values.get(name, before[name]) != before[name]:
            what = _("This was said when the post was given. A table does not change it.")
            yield problem(row, name, "said", what, _("Leave it as it is exported."))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New seats, what is now known about the others, and who sits there from when to when."""
    ground = Ground(scope, [change.after for change in changes])
    accounts = Accounts(
        scope, (role.said(change.after, change.before or {}) for change in changes for role in ROLES)
    )
    known = {_key(post): post for post in _posts(scope).filter(closed_on=None)}
    by = writer(scope)
    for change in scope.watched(changes):
        values = change.after
        told: dict[str, Any] = {
            "telephone": values.get("telephone") or "",
            "organisation": ground.body(values),
        }
        post = known.get(POSTS.key_of(values))
        if post is None:
            kind, building = ground.kinds[values["kind"]].code, ground.building(values)
            seat = {"serial": values["serial"], "building": building}
            post = in_line(change, add_post, kind, ground.places[values["place"]], **seat, **told, **by)
        elif any(told[name] != getattr(post, name) for name in told):
            in_line(change, change_post, post, **told, **by)
        for role in ROLES:
            write_term(role, post, change, accounts, scope)


def remove(scope: Scope, rows: Sequence[Row]) -> Iterator[CellProblem]:
    """Take seats away that nothing hangs on; who sits there leaves first, as anybody leaves a post."""
    known = {_key(post): post for post in _posts(scope).filter(closed_on=None)}
    by, keys = writer(scope), dict[int, Any]()
    for row in scope.watched(rows):
        post = known[POSTS.key_of(row.values)]
        try:
            with transaction.atomic():
                for holding in post.holdings.select_related("post"):
                    end(holding, **by)
        except Refused as refusal:
            yield stays(row.line, str(refusal.message))
        else:
            keys[row.line] = post.pk
    yield from remove_rows(Post, keys, {"holdings"})


def lock(scope: Scope) -> None:
    """Nobody gives or changes the posts meanwhile."""
    rows = _posts(scope).select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _posts(scope: Scope) -> PostQuerySet:
    rows = Post.objects.of_people().filter(place__in=within(scope))
    return rows.select_related("kind", "place", "building__estate", "organisation__place")


def _key(post: Post) -> Key:
    building = post.building
    where = (building.estate.name, building.number) if building else ("", "")
    return post.kind.title, post.place.code, *where, post.serial


def _last_holdings(scope: Scope) -> dict[object, dict[bool, Holding]]:
    """Of each post whose term began last, as its holder and as a stand-in."""
    found: dict[object, dict[bool, Holding]] = {}
    rows = Holding.objects.filter(post__place__in=within(scope), post__closed_on=None)
    for row in rows.select_related("user").order_by("valid_from", "pk"):
        found.setdefault(row.post_id, {})[row.stand_in] = row
    return found


def _buildings(scope: Scope) -> dict[tuple[object, str, str], Building]:
    rows = Building.objects.filter(grid__in=within(scope)).select_related("estate")
    return {(row.grid_id, row.estate.name, row.number): row for row in rows}


def _seat_columns() -> Iterable[Column]:
    also = ("岗位", "岗位名称", "职务")
    note = gettext_lazy("the name of a kind of post, as 网格员 or 社区书记")
    kind = gettext_lazy("Kind of post")
    yield columns.text("kind", kind, most=40, note=note, also=also, key=True, required=True)
    yield place_column()
    note = gettext_lazy("only for a post of one building, as 楼栋长")
    estate, number = gettext_lazy("Name of the estate"), gettext_lazy("Number of the building")
    yield columns.text("estate", estate, most=60, note=note, also=("小区",), key=True)
    yield columns.text("building", number, most=12, note=note, also=("楼栋", "楼号"), key=True)
    note = gettext_lazy("1 if left blank; a second seat of the kind there is 2")
    serial = columns.integer(
        "serial", gettext_lazy("Which seat"), least=1, most=MOST_SEATS, note=note, also=("序号",), key=True
    )
    yield blank_as(serial, 1)


def _holder_columns() -> Iterable[Column]:
    also: tuple[str, ...] = ("姓名", "谁在这个岗", "人员姓名")
    yield columns.text("name", gettext_lazy("Holder of the post"), most=60, also=also, keeps=True)
    note = gettext_lazy("11 digits; who has no account yet gets one, and a message how to sign in")
    also = ("手机", "手机号", "手机号码", "联系电话", "联系方式")
    yield columns.phone("phone", gettext_lazy("Mobile number"), note=note, also=also, secret=True)
    note = gettext_lazy("today if left blank")
    yield columns.day("since", gettext_lazy("From"), note=note, also=("任职日期", "上岗日期"), keeps=True)
    cross = gettext_lazy("Cross post: belongs to another body")
    yield blank_as(columns.yes_no("cross", cross, also=("交叉任职",)), False)
    yield blank_as(columns.choice("origin", gettext_lazy("Comes as"), dict(Holding.Origin.choices)), "")
    note = gettext_lazy("only where the term ends: from this day on it is over")
    ended = gettext_lazy("No longer from")
    yield columns.day("ended", ended, note=note, also=("离任日期", "卸任日期", "离岗日期"), keeps=True)


def _stand_in_columns() -> Iterable[Column]:
    yield columns.text("stand_in", gettext_lazy("Who stands in"), most=60, also=("代班人",), keeps=True)
    number = gettext_lazy("Mobile number of the stand-in")
    yield columns.phone("stand_in_phone", number, also=("代班人手机",), secret=True)
    since, until = gettext_lazy("Stands in from"), gettext_lazy("Stands in until")
    yield columns.day("stand_in_since", since, note=gettext_lazy("today if left blank"), keeps=True)
    note = gettext_lazy("from this day on no longer; blank: until somebody ends it")
    yield columns.day("stand_in_until", until, note=note, keeps=True)


KEY = ("kind", "place", "estate", "building", "serial")
POSTS = Sheet(
    key="posts",
    title=gettext_lazy("Posts and who holds them"),
    about=gettext_lazy(
        "Grid workers, leaders, desks …: one line a seat. Whoever is new gets an account and a text message."
    ),
    capability="people.edit",
    columns=[
        *_seat_columns(),
        *body_columns(),
        columns.text("telephone", gettext_lazy("Office telephone"), most=20, also=("办公电话",)),
        *_holder_columns(),
        *_stand_in_columns(),
    ],
    load=load,
    write=write,
    remove=remove,
    check=check,
    lock=lock,
    tidy=tidy_body,
    after=("organisations", "grids", "buildings"),
)
