"""The sample tree: loaded, loaded again, and put back where a row was changed."""

from __future__ import annotations

from typing import Any

from silin.matters.categories import leaves, load_categories
from silin.matters.models import Category


def told() -> list[dict[str, Any]]:
    return [dict(row) for row in Category.objects.order_by("pk").values()]


def test_loading_again_changes_nothing_and_mends_what_the_file_says(db: None) -> None:
    n = load_categories()
    before = told()
    assert n == len(leaves()) == sum(row["parent_id"] is not None for row in before) > 40
    assert load_categories() == n
    assert told() == before
    Category.objects.create(code="own", name="自己加的", name_en="Our own", parent_id="streets")
    Category.objects.filter(pk="street_light").update(handle_days=99, name="改了名")
    load_categories()
    assert Category.objects.filter(pk="own").exists()
    assert [row for row in told() if row["code"] != "own"] == before
