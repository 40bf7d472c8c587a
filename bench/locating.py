"""A million points into 4,000 crooked grids: ``locate_many`` beside the spatial join of geopandas.

Both begin with two arrays of degrees and end with one grid a point. The trees are built before: ours on the
city's outlines as ``locate`` keeps them, theirs by the first join. The first time is named, not counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt
import shapely

from bench import city, measure
from bench.report import Line
from silin.places.locating import locate_many
from silin.places.models import Boundary

POINTS, ROUNDS = 1_000_000, 5
HAIR = 1e-7  # degrees, a centimetre
Degrees = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def run() -> Iterator[Line]:
    """One line; the answers of both are compared before anything is measured."""
    with city.database(f"sqlite:///{Path(os.environ['SILIN_HOME']) / 'locating.sqlite3'}"):
        city.build()
        frame = _frame()
        lons, lats = _points(frame)
        begun = time.process_time()
        found = _ours(lons, lats)
        first = (time.process_time() - begun) * 1000
        _compare(frame, lons, lats, found, _theirs(frame, lons, lats))
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
            f"{ours.cpu:.0f} ms CPU, {ours.wall:.0f} ms wall, {first:.0f} ms CPU the first time with reading "
            f"all outlines and making tree and raster; geopandas {geopandas.__version__} "
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


def _ours(lons: Degrees, lats: Degrees) -> Numbers:
    return locate_many(lons, lats)


def _theirs(frame: geopandas.GeoDataFrame, lons: Degrees, lats: Degrees) -> Numbers:
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats), crs="EPSG:4490")
    joined = points.sjoin(frame, how="left", predicate="intersects")
    first = joined[~joined.index.duplicated()]
    keys: Numbers = first["key"].fillna(-1).to_numpy().astype(np.int64)
    return keys


def _compare(
    frame: geopandas.GeoDataFrame, lons: Degrees, lats: Degrees, ours: Numbers, theirs: Numbers
) -> None:
    """They agree, but for points on a border and in slits, where ours may take the neighbour a hair away."""
    other = np.flatnonzero(ours != theirs)
    assert len(other) < POINTS / 10_000, "the two joins do not agree"
    near = frame.set_index("key").geometry.loc[ours[other]].to_numpy()
    assert shapely.dwithin(near, shapely.points(lons[other], lats[other]), HAIR).all()
