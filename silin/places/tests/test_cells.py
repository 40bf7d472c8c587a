"""Many points at once find what one point finds: the raster against a look at every outline."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate
from shapely.geometry import MultiPolygon, Polygon

from silin.places.cells import Cells
from silin.places.locating import locate, locate_many
from silin.places.models import Place
from silin.places.tests.tiny import Tiny, at

RING = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
PIECES = MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 4), shapely.box(1, 1, 1.5, 1.5)])
STAR = Polygon([(0, 0), (1, 3), (2, 0), (3, 3), (4, 0), (2, 4)])
SLIVER = Polygon([(0, 0), (5, 1e-9), (5, 2e-9)])

numbers = st.integers(-8, 8).map(lambda n: n / 2) | st.floats(-5, 9, allow_nan=False, width=32)
shapes = st.builds(
    lambda shape, x, y, turned: translate(rotate(shape, turned), x, y),
    st.sampled_from([RING, PIECES, STAR, SLIVER, shapely.box(0, 0, 2, 1)]),
    numbers,
    numbers,
    st.sampled_from([0, 0, 90, 31]),
)


def one_by_one(outlines: Any, lons: Any, lats: Any) -> list[int]:
    """The lowest outline that each point lies in or on."""
    return [
        next((n for n, shape in enumerate(outlines) if shapely.intersects_xy(shape, x, y)), len(outlines))
        for x, y in zip(lons, lats, strict=True)
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=9), st.lists(st.tuples(numbers, numbers), max_size=40))
def test_the_raster_says_what_looking_at_each_outline_says(
    drawn: list[Polygon | MultiPolygon], spots: list[tuple[float, float]]
) -> None:
    """Holes, several pieces, slivers, overlaps; points anywhere, on corners, on borders and at no number."""
    outlines = np.array(drawn)
    corners = shapely.get_coordinates(outlines)
    middles = (corners[:-1] + corners[1:]) / 2
    points = np.concatenate([np.array(spots).reshape(-1, 2), corners, middles, [[np.nan, 1], [1, np.inf]]])
    lons, lats = points[:, 0], points[:, 1]
    assert Cells(outlines).first_at(lons, lats).tolist() == one_by_one(outlines, lons, lats)


def test_many_points_lie_where_each_lies(town: Tiny) -> None:
    """Also on the borders of grids and a hair beside them."""
    spots = [at(x / 4, y / 4) for x in range(24) for y in range(16)]
    spots += [(lon + 4e-9, lat - 4e-9) for lon, lat in spots]
    found = locate_many(np.array([lon for lon, _lat in spots]), np.array([lat for _lon, lat in spots]))
    assert found.tolist() == [locate(lon, lat).place.pk for lon, lat in spots]
    assert set(found) > {place.pk for place in [town.city, town.county, town.oak, *town.grids]}
    assert locate_many(np.array([116.4, np.nan]), np.array([39.9, np.nan])).tolist() == [-1, -1]


@pytest.mark.django_db
def test_many_points_where_nothing_is_drawn() -> None:
    assert not Place.objects.exists()
    assert locate_many(np.array([110.0]), np.array([30.0])).tolist() == [-1]
