"""The pages of the territory, for everybody and for staff."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from silin.accounts.models import User
from silin.places.actions import bulk_add, set_boundary
from silin.places.models import Place
from silin.places.tests.tiny import DAY, NOW, GrantBackend, Tiny, square

BACKEND = "silin.places.tests.tiny.GrantBackend"


@pytest.fixture
def english(client: Client, settings: Settings) -> Client:
    """A browser that reads English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def staff(db: None, english: Client, settings: Settings) -> Iterator[User]:
    """Somebody signed in, without any right yet."""
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    user = User.objects.create(name="郭晓峰")
    english.force_login(user, backend=BACKEND)
    GrantBackend.granted.clear()
    yield user
    GrantBackend.granted.clear()


def page(client: Client, url: str, status: int = 200) -> str:
    """The text of a page."""
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_everybody_begins_at_the_city(english: Client, town: Tiny) -> None:
    text = page(english, "/open/places/")
    assert "<h1>Linchuan</h1>" in text
    for name in ("东城区", "远山县", "1 street or town · 2 communities · 1 village"):
        assert name in text
    assert f'href="/open/places/{town.county.code}/"' in text
    assert 'data-shapes="/open/places/990100000000/shapes.geojson"' in text


def test_a_community_page_shows_its_grids_estates_and_buildings(english: Client, town: Tiny) -> None:
    text = page(english, f"/open/places/{town.elm.code}/")
    assert 'aria-label="Place"' in text
    assert text.index("Linchuan") < text.index("柳巷街道") < text.index("<h1>榆树社区</h1>")
    assert town.elm.code in text
    assert "schematic" in text
    for word in ("Grid 1", "Grid 4", "金桂家园", "built in 1998", "3 buildings", "No. 10"):
        assert word in text
    assert text.index("No. 2<") < text.index("No. 5<") < text.index("No. 10<")
    grid = page(english, f"/open/places/{town.grids[1].code}/")
    assert "6 floors" in grid


def test_a_place_without_anything_in_it_says_so(english: Client, town: Tiny) -> None:
    text = page(english, f"/open/places/{town.village.code}/")
    assert "Nothing finer has been drawn here yet" in text
    assert "silin-map" not in text


def test_a_closed_place_says_since_when(english: Client, town: Tiny) -> None:
    Place.objects.filter(pk=town.oak.pk).update(active_until=DAY)
    assert "Not in use since 6 May 2024" in page(english, f"/open/places/{town.oak.code}/")
    assert "橡树社区" not in page(english, f"/open/places/{town.street.code}/")


def test_an_unknown_place_is_not_found(english: Client, town: Tiny) -> None:
    page(english, "/open/places/000000000000/", 404)
    page(english, "/open/places/000000000000/shapes.geojson", 404)
    answer = english.get("/open/places/nowhere/", headers={"accept": "application/json"})
    assert answer.json()["error"]["code"] == "not_found"
    page(english, f"/open/places/{town.street.code}/?after=forged", 400)


def test_before_the_divisions_are_there(english: Client, db: None) -> None:
    assert "No streets and communities here yet" in page(english, "/open/places/")


def test_a_search_by_name(english: Client, town: Tiny) -> None:
    text = page(english, "/open/places/?q=金桂家园5号")
    assert "金桂家园, building 5" in text
    assert f'href="/open/places/{town.grids[1].code}/"' in text
    text = page(english, "/open/places/?q=<script>x")
    assert "Nothing here has that name" in text
    assert "<script>x" not in text


def test_a_long_list_turns_its_pages(english: Client, town: Tiny) -> None:
    rows = [
        Place(code=f"990102001{n}", name=f"第{n}村委会", level="community", parent=town.street)
        for n in range(300, 370)
    ]
    bulk_add(rows, actor=None, now=NOW)
    first = page(english, f"/open/places/{town.street.code}/")
    assert "第300村" in first
    assert "第369村" not in first
    link = first.split('rel="next" href="')[1].split('"')[0]
    assert "第369村" in page(english, f"/open/places/{town.street.code}/{link.split('#')[0]}")


def test_shapes_are_sent_once(english: Client, town: Tiny) -> None:
    url = reverse("places:shapes", args=[town.elm.code])
    answer = english.get(url)
    assert answer["Content-Type"] == "application/geo+json"
    kinds = [each["geometry"]["type"] for each in json.loads(answer.content)["features"]]
    assert sum(kind != "Point" for kind in kinds) == 4
    again = english.get(url, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    set_boundary(town.grids[0], square(0, 1, 0.5, 1), DAY, actor=None, now=NOW)
    assert english.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_a_stranger_learns_nothing_at_the_desk(english: Client, staff: User, town: Tiny) -> None:
    for url in ("/desk/places/", f"/desk/places/{town.elm.code}/", "/desk/places/?q=社区"):
        assert "榆树" not in page(english, url, 404)
        assert "榆树" not in page(Client(), url, 404)


def test_staff_see_their_own_part(english: Client, staff: User, town: Tiny) -> None:
    GrantBackend.granted[staff.pk] = [town.elm.path]
    start = page(english, "/desk/places/")
    assert "<h1>榆树社区</h1>" in start
    assert f'href="/desk/places/{town.grids[0].code}/"' in start
    assert f'href="/desk/places/{town.street.code}/"' not in start
    assert "Grid 2" in page(english, f"/desk/places/{town.grids[1].code}/")
    for stranger in (town.oak, town.street, town.city):
        page(english, f"/desk/places/{stranger.code}/", 404)
    found = page(english, "/desk/places/?q=社区")
    assert "榆树社区" in found
    assert "橡树社区" not in found


def test_staff_of_two_territories_choose(english: Client, staff: User, town: Tiny) -> None:
    GrantBackend.granted[staff.pk] = [town.elm.path, town.far.path]
    text = page(english, "/desk/places/")
    assert "Your territory" in text
    assert "榆树社区" in text
    assert "远山县" in text


def test_staff_of_a_grid_begin_at_the_grid(english: Client, staff: User, town: Tiny) -> None:
    GrantBackend.granted[staff.pk] = [town.grids[3].path]
    assert "<h1>Grid 4</h1>" in page(english, "/desk/places/")


@pytest.mark.parametrize("who", ["city", "street", "elm"])
def test_statements_of_a_place_page(
    english: Client, staff: User, town: Tiny, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    GrantBackend.granted[staff.pk] = [town.city.path]
    place: Place = getattr(town, who)
    for front in ("open", "desk"):
        with django_assert_max_num_queries(14):
            page(english, f"/{front}/places/{place.code}/")
