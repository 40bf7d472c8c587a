"""A million points into 4,000 crooked grids: ``locate_many`` beside the spatial join of geopandas.

Both begin with two arrays of degrees and end with one grid a point; the trees are built before, ours on the
city's outlines as ``locate`` keeps them, theirs by the first join, which is not counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt

from bench import city, measure
from bench.report import Line
from silin.places.locating import locate_many
from silin.places.models import Boundary

POINTS, ROUNDS = 1_000_000, 5
Degrees = npt.NDArray[np.float64]


def run() -> Iterator[Line]:
    """One line; the answers of both are compared before anything is measured."""
    with city.database(f"sqlite:///{Path(os.environ['SILIN_HOME']) / 'locating.sqlite3'}"):
        city.build()
        frame = _frame()
        lons, lats = _points(frame)
        _compare(_ours(lons, lats), _theirs(frame, lons, lats))
        costs = measure.in_turns(
            {
                "ours": lambda: measure.here(lambda: _ours(lons, lats), 1),
                "theirs": lambda: measure.here(lambda: _theirs(frame, lons, lats), 1),
            },
            ROUNDS,
        )
        ours, theirs = costs["ours"], costs["theirs"]
        yield Line(
            f"{POINTS:,} points into {len(frame):,} grids",
            "geopandas sjoin",
            f"{theirs.cpu / ours.cpu:.1f} CPU, {theirs.wall / ours.wall:.1f} wall",
            "≥ 2",
            f"{ours.cpu:.0f} ms CPU, {ours.wall:.0f} ms wall; geopandas {geopandas.__version__} "
            f"{theirs.cpu:.0f} ms CPU, {theirs.wall:.0f} ms wall; load {os.getloadavg()[0]:.1f}",
        )


def _frame() -> geopandas.GeoDataFrame:
    rows = Boundary.objects.filter(place__level="grid", valid_until=None).order_by("place__code")
    pairs = [(row.place_id, row.shape) for row in rows]
    keys, shapes = zip(*pairs, strict=True)
    return geopandas.GeoDataFrame({"key": keys}, geometry=list(shapes), crs="EPSG:4490")


def _points(frame: geopandas.GeoDataFrame) -> tuple[Degrees, Degrees]:
    west, south, east, north = frame.total_bounds
    drawn = np.random.default_rng(4)
    return drawn.uniform(west, east, POINTS), drawn.uniform(south, north, POINTS)


def _ours(lons: Degrees, lats: Degrees) -> npt.NDArray[np.int64]:
    return locate_many(lons, lats)


def _theirs(frame: geopandas.GeoDataFrame, lons: Degrees, lats: Degrees) -> npt.NDArray[np.int64]:
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats), crs="EPSG:4490")
    joined = points.sjoin(frame, how="left", predicate="intersects")
    first = joined[~joined.index.duplicated()]
    keys: npt.NDArray[np.int64] = first["key"].fillna(-1).to_numpy().astype(np.int64)
    return keys


def _compare(ours: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64]) -> None:
    """They agree wherever an outline is; in slits a millimetre wide we find the neighbour, they nobody."""
    inside = theirs != -1
    assert (ours[inside] == theirs[inside]).all(), "the two joins do not agree"
    assert np.count_nonzero(ours[~inside] != -1) < POINTS / 10_000
