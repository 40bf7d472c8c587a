"""Who is who: the posts that residents should know, with the telephone of the office."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from silin.people.actions import add_post, appoint
from silin.people.models import Organisation, PostKind
from silin.people.queries import who_is_who
from silin.places.actions import add_place
from silin.places.models import Place
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def test_public_posts_with_the_office_telephone(here: Town) -> None:
    office = Organisation.objects.create(
        name="柳巷社区居委会", kind="committee", place=here.community, telephone="0917-3210000"
    )
    secretary = add_post("community_secretary", here.community, actor=None, now=MONDAY, organisation=office)
    appoint(secretary, person("赵书记", phone="19900000009"), actor=None, now=MONDAY)
    household = add_post("party_household", _micro(here), actor=None, now=MONDAY)
    appoint(household, person("党员家"), actor=None, now=MONDAY)
    found = who_is_who(here.community, MONDAY)
    assert [str(user) for each in found for user in each.users] == ["赵书记", "李建民", "高建设", "王淑琴"]
    assert [each.telephone for each in found] == ["0917-3210000", "", "", ""]
    assert [each.post.kind_id for each in who_is_who(here.grid, MONDAY)] == ["grid_leader", "grid_worker"]
    assert [each.post.kind_id for each in who_is_who(here.street, MONDAY)] == ["street_duty"]


def test_a_city_says_which_kinds_are_public(here: Town) -> None:
    PostKind.objects.filter(pk="grid_worker").update(is_public=False)
    assert "王淑琴" not in [str(user) for each in who_is_who(here.grid, MONDAY) for user in each.users]


def test_one_statement(here: Town) -> None:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        who_is_who(here.community, MONDAY)
    assert len(seen) == 1


def _micro(here: Town) -> Place:
    return add_place(name="微网格", level="micro_grid", parent=here.grid, actor=None, now=MONDAY)
