"""The grid editor through its pages: a clerk changes grids, a stranger learns nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.dates import day_words
from silin.lib.refusal import Refused
from silin.places.corners import line_of, shapes_of
from silin.places.editing import carry_out_due
from silin.places.models import BOUNDARIES, Building, Place, PlannedChange, Revision
from silin.places.tests.tiny import GrantBackend, Tiny, at

BACKEND = "silin.places.tests.tiny.GrantBackend"


@pytest.fixture
def clerk(db: None, client: Client, settings: Settings, town: Tiny) -> Iterator[User]:
    """Guo, who may draw the grids of the first community."""
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    user = User.objects.create(name="郭晓峰")
    client.force_login(user, backend=BACKEND)
    GrantBackend.editing.clear()
    GrantBackend.editing[user.pk] = [town.elm.path]
    yield user
    GrantBackend.editing.clear()


def lines(*spots: tuple[float, float]) -> str:
    """Corners on the raster, one a line."""
    return "\n".join("{:.7f}, {:.7f}".format(*at(*spot)) for spot in spots)


def cut(town: Tiny) -> dict[str, str]:
    """What the form sends to cut the north-eastern grid."""
    return {"verb": "split", "grid": town.grids[1].code, "corners": lines((1.4, 2.1), (1.4, 0.9))}


def address(town: Tiny, page: str = "") -> str:
    return f"/desk/grids/{town.elm.code}/{page}"


def test_the_page_shows_grids_and_findings(client: Client, clerk: User, town: Tiny) -> None:
    assert client.get("/desk/grids/").headers["Location"] == address(town)
    text = client.get(address(town)).content.decode()
    for word in ("榆树社区的网格", "在用网格 4 个", "每户都在网格里", town.grids[0].code):
        assert word in text
    shapes = client.get(address(town, "shapes.geojson")).json()
    assert len([each for each in shapes["features"] if each["properties"].get("code")]) == 4
    assert len(shapes["version"]) == 16


def test_first_it_is_shown_then_it_is_done(client: Client, clerk: User, town: Tiny) -> None:
    lines_before, revision = Entry.objects.count(), Revision.objects.number(BOUNDARIES)
    text = client.post(address(town, "change/"), {**cut(town), "show": "1"}).content.decode()
    assert "金桂家园 2 号楼从第2网格划到第5网格。" in text
    assert "新网格还没有岗位" in text
    assert lines((1.4, 2.1)) in text
    assert Place.objects.filter(level="grid").count() == 4
    assert (Entry.objects.count(), Revision.objects.number(BOUNDARIES)) == (lines_before, revision)
    answer = client.post(address(town, "change/"), cut(town))
    assert (answer.status_code, answer["Location"]) == (302, address(town))
    assert Building.objects.get(number="2").grid.serial == 5
    line = Entry.objects.latest("id")
    assert (line.actor, line.action) == (clerk, "split_grid")


def test_a_program_is_answered_in_json(client: Client, clerk: User, town: Tiny) -> None:
    seen = client.get(address(town, "shapes.geojson")).json()["version"]
    said = {"verb": "merge", "grid": town.grids[0].code, "other": town.grids[1].code, "version": seen}

    def send(data: object) -> tuple[int, dict[str, object]]:
        answer = client.post(
            address(town, "change/"),
            json.dumps(data),
            "application/json",
            headers={"accept": "application/json"},
        )
        return answer.status_code, answer.json()

    status, shown = send({**said, "show": True})
    assert status == 200
    assert shown["closed"] == [town.grids[1].code]
    assert "空缺检查" in str(shown["html"])
    assert send(said) == (201, {"next": address(town)})
    status, refused = send({**said, "verb": "split", "corners": lines((0, 0), (1, 1))})
    assert status == 409
    assert refused["error"] == {
        "code": "changed",
        "message": "您打开以后有人改过这些网格。您画的还在，没有丢。",
        "field": "",
    }
    assert send([])[0] == 400


def test_a_faulty_line_is_said_at_its_place_and_nothing_typed_is_lost(
    client: Client, clerk: User, town: Tiny
) -> None:
    said = {**cut(town), "corners": "107.1, 34.3\n在路口", "name": "新的一格"}
    answer = client.post(address(town, "change/"), said)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#grids-corners"' in text
    assert "第 2 行不是角点：“在路口”" in text
    assert "107.1, 34.3\n在路口</textarea>" in text
    assert 'value="新的一格"' in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verb": "nonsense"}, "bad_verb"),
        ({"grid": "1"}, "no_grid"),
        ({"corners": ""}, "bad_corners"),
        ({"corners": "{"}, "bad_corners"),
        ({"corners": '{"type":"Point","coordinates":[1,2]}'}, "bad_corners"),
        ({"corners": "34.3, 197.1\n34.2, 107.1"}, "bad_corners"),
        ({"datum": "Pulkovo"}, "bad_datum"),
        ({"day": "morgen"}, "bad_day"),
        ({"day": "2020-01-01"}, "bad_day"),
        ({"name": "长" * 61}, "long_name"),
        ({"verb": "move", "parent": "1"}, "no_parent"),
        ({"verb": "draw", "corners": "110, 30\n110.1, 30"}, "bad_corners"),
    ],
)
def test_what_is_refused(client: Client, clerk: User, town: Tiny, change: dict[str, str], code: str) -> None:
    answer = client.post(
        address(town, "change/"), {**cut(town), **change}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_corners_as_people_write_them(db: None) -> None:
    [shape] = shapes_of("110.0，30.0\n110.1 30.0\n110.1;30.1", "CGCS2000", at_most=1)
    assert len(shape.exterior.coords) == 4  # type: ignore[union-attr]
    feature = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[110, 30], [110, 31]]}}
    assert line_of(json.dumps(feature), "CGCS2000").length == 1  # type: ignore[union-attr]
    [moved] = shapes_of("110,30\n110.1,30\n110.1,30.1", "GCJ-02", at_most=1)
    assert moved.bounds[0] != 110
    both = line_of("110,30\n111,30\n111,31\n\n111,30\n112,30\n112,31", "WGS-84")
    assert len(both) == 2  # type: ignore[arg-type]
    with pytest.raises(Refused, match="bad_corners"):
        shapes_of("110,30\n" * 6000, "CGCS2000", at_most=1)


def test_a_change_for_a_later_day_waits_for_it(client: Client, clerk: User, town: Tiny) -> None:
    day = timezone.localdate() + timedelta(days=3)
    client.post(address(town, "change/"), {**cut(town), "day": day.isoformat()})
    assert PlannedChange.objects.get().day == day
    assert Place.objects.filter(level="grid").count() == 4
    assert day_words(day, with_year=True) in client.get(address(town)).content.decode()
    now = timezone.now()
    assert carry_out_due(now + timedelta(days=2)) == 0
    assert carry_out_due(now + timedelta(days=3)) == 1
    assert carry_out_due(now + timedelta(days=3)) == 0
    assert Place.objects.filter(level="grid").count() == 5
    assert Entry.objects.latest("id").actor == clerk


def test_a_planned_change_can_be_taken_back_or_becomes_impossible(
    client: Client, clerk: User, town: Tiny
) -> None:
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    for _time in range(2):
        client.post(address(town, "change/"), {**cut(town), "day": day})
    first, second = PlannedChange.objects.order_by("pk")
    client.post(address(town, "give-up/"), {"plan": first.pk})
    client.post(
        address(town, "change/"), {"verb": "merge", "grid": town.grids[0].code, "other": town.grids[1].code}
    )
    assert carry_out_due(timezone.now() + timedelta(days=3)) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.given_up_at
    assert not first.refusal
    assert "在用的网格" in second.refusal
    assert second.refusal in client.get(address(town)).content.decode()
    assert client.post(address(town, "give-up/"), {"plan": "x"}).status_code == 404


def test_whoever_lost_the_right_plans_no_more(client: Client, clerk: User, town: Tiny) -> None:
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(address(town, "change/"), {**cut(town), "day": day})
    GrantBackend.editing.clear()
    assert carry_out_due(timezone.now() + timedelta(days=3)) == 0
    assert "不归您" in PlannedChange.objects.get().refusal


def test_a_building_is_put_right_by_its_button(client: Client, clerk: User, town: Tiny) -> None:
    row = Building.objects.get(number="2")
    Building.objects.filter(pk=row.pk).update(lon=at(0.5, 0.5)[0], lat=at(0.5, 0.5)[1])
    assert "划到第3网格" in client.get(address(town)).content.decode()
    client.post(address(town, "give/"), {"building": row.pk})
    row.refresh_from_db()
    assert row.grid == town.grids[2]
    assert "这里已经改好了" in client.post(address(town, "give/"), follow=True).content.decode()


def test_a_stranger_learns_and_changes_nothing(client: Client, clerk: User, town: Tiny) -> None:
    GrantBackend.editing[clerk.pk] = [town.oak.path]
    lines_before = Entry.objects.count()
    for visitor in (client, Client()):
        for page in ("", "shapes.geojson"):
            answer = visitor.get(address(town, page))
            assert answer.status_code == 404
            assert "榆树" not in answer.content.decode()
        for page in ("change/", "give/", "give-up/"):
            assert visitor.post(address(town, page), cut(town)).status_code == 404
    assert Entry.objects.count() == lines_before


def test_a_grid_goes_to_another_community_only_with_rights_over_both(
    client: Client, clerk: User, town: Tiny
) -> None:
    said = {"verb": "move", "grid": town.grids[1].code, "parent": town.oak.code}
    assert client.post(address(town, "change/"), said).status_code == 403
    GrantBackend.editing[clerk.pk] = [town.street.path]
    assert client.post(address(town, "change/"), said).status_code == 302
    assert Building.objects.get(number="2").grid.parent == town.oak


def test_a_micro_grid_and_the_whole_community_move_by_what_was_seen(
    client: Client, clerk: User, town: Tiny
) -> None:
    GrantBackend.editing[clerk.pk] = [town.city.path]
    street = Place.objects.create(
        code="990102002000",
        name="槐荫街道",
        level="street",
        parent=town.county,
        active_from=town.elm.active_from,
    )
    micro = Place.objects.get(level="micro_grid")
    for said in (
        {"grid": micro.code, "parent": town.grids[3].code},
        {"grid": "", "parent": street.code},
    ):
        seen = client.get(address(town, "shapes.geojson")).json()["version"]
        answer = client.post(address(town, "change/"), {"verb": "move", "version": seen, **said})
        assert answer.status_code == 302
    assert Place.objects.get(pk=micro.pk).parent == town.grids[3]
    assert Place.objects.get(pk=town.elm.pk).parent == street


def test_statements_of_the_editor(
    client: Client,
    clerk: User,
    town: Tiny,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(16):
        client.get(address(town))
    GrantBackend.editing[clerk.pk] = [town.city.path]
    with django_assert_max_num_queries(8):
        assert "橡树社区" in client.get("/desk/grids/").content.decode()
