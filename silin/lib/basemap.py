"""What lies under the shapes of every map: nothing, Tianditu, AMap or a PMTiles file, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from silin.lib.datum import Datum

TIANDITU = (
    "https://{host}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
TIANDITU_HOSTS = [f"t{n}.tianditu.gov.cn" for n in range(8)]
TIANDITU_LAYERS = ("vec", "cva")  # the ground, and the names on it
AMAP = "https://{host}/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={{x}}&y={{y}}&z={{z}}"
AMAP_HOSTS = [f"webrd0{n}.is.autonavi.com" for n in range(1, 5)]


@dataclass(frozen=True)
class BaseMap:
    """``kind`` is ``none``, ``raster`` or ``pmtiles``; ``tiles`` are addresses, one group a layer.

    ``datum`` is that of the picture: what is drawn over it is moved there, what is picked comes back in it.
    """

    name: str
    kind: str = "none"
    tiles: tuple[tuple[str, ...], ...] = ()
    hosts: tuple[str, ...] = ()
    datum: Datum = Datum.CGCS2000
    deepest: int = 18
    attribution: str = ""
    approval: str = ""

    @property
    def addresses(self) -> str:
        """The addresses for the script: layers parted by blanks, servers of a layer by ``|``."""
        return " ".join("|".join(layer) for layer in self.tiles)

    @property
    def credit(self) -> str:
        """What stands in the corner of every map."""
        number = _("map approval %(number)s") % {"number": self.approval} if self.approval else ""
        return " · ".join(part for part in (self.attribution, number) if part)


def base_map() -> BaseMap:
    """The base map of this installation."""
    made = {"tianditu": _tianditu, "amap": _amap, "pmtiles": _pmtiles}.get(settings.SILIN_BASE_MAP)
    return made() if made else BaseMap("none", approval=settings.SILIN_MAP_APPROVAL)


def _tianditu() -> BaseMap:
    key = settings.SILIN_BASE_MAP_KEY
    tiles = tuple(
        tuple(TIANDITU.format(host=host, layer=layer, key=key) for host in TIANDITU_HOSTS)
        for layer in TIANDITU_LAYERS
    )
    hosts = tuple(f"https://{host}" for host in TIANDITU_HOSTS)
    return BaseMap(
        "tianditu",
        "raster",
        *(_mirror() or (tiles, hosts)),
        attribution=_("Tianditu"),
        approval=settings.SILIN_MAP_APPROVAL,
    )


def _amap() -> BaseMap:
    tiles = (tuple(AMAP.format(host=host) for host in AMAP_HOSTS),)
    return BaseMap(
        "amap",
        "raster",
        *(_mirror() or (tiles, tuple(f"https://{host}" for host in AMAP_HOSTS))),
        datum=Datum.GCJ02,
        attribution=_("AMap"),
        approval=settings.SILIN_MAP_APPROVAL,
    )


def _mirror() -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]] | None:
    """The tiles of a mirror in the city's own network, where the settings name one, and its host."""
    source = settings.SILIN_BASE_MAP_SOURCE
    if not source:
        return None
    layers = TIANDITU_LAYERS if "{layer}" in source else ("",)
    filled = source.replace("{key}", settings.SILIN_BASE_MAP_KEY)
    parts = urlsplit(source)
    return tuple((filled.replace("{layer}", layer),) for layer in layers), (
        f"{parts.scheme}://{parts.netloc}",
    )


def _pmtiles() -> BaseMap:
    parts = urlsplit(settings.SILIN_BASE_MAP_SOURCE)
    away = parts.scheme == "https"
    return BaseMap(
        "pmtiles",
        "pmtiles",
        ((settings.SILIN_BASE_MAP_SOURCE if away else reverse("lib:base_map"),),),
        (f"https://{parts.netloc}",) if away else (),
        attribution=_("© OpenStreetMap contributors"),
        approval=settings.SILIN_MAP_APPROVAL,
    )
