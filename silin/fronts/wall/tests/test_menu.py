"""The wall's mark leads to the wall of the city, and to no page that asks for a name."""

from __future__ import annotations

from django.test import Client

from tests.town import build


def test_the_mark_leads_to_the_citys_wall(db: None) -> None:
    here = build()
    page = Client().get(f"/wall/{here.community.code}/").content.decode()
    assert '<a class="brandmark" href="/wall/">' in page
    assert "/sign-in/" not in page
    assert "/desk/" not in page
