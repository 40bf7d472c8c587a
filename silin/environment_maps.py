"""What the settings of the base map need (``silin.environment`` reads them)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

BASE_MAPS = ("none", "tianditu", "amap", "pmtiles")


class Environment(Protocol):
    """What is asked of ``silin.environment.Environment`` here."""

    base_map: str

    def text(self, name: str) -> str: ...

    def refuse(self, number: str, message: str, hint: str) -> None: ...


def check_base_map(env: Environment) -> None:
    """Note what is missing for the base map that was chosen."""
    key, source = env.text("SILIN_BASE_MAP_KEY"), env.text("SILIN_BASE_MAP_SOURCE")
    mirrored = env.base_map in ("tianditu", "amap") and bool(source)
    wants_key = env.base_map == "tianditu" and (not mirrored or "{key}" in source)
    if wants_key and not (key.isascii() and key.isalnum()):
        hint = "Apply for a key of the kind for browsers at tianditu.gov.cn and write it as it stands there."
        env.refuse("E021", "SILIN_BASE_MAP is tianditu and SILIN_BASE_MAP_KEY is no key.", hint)
    if mirrored and not _is_template(source):
        hint = (
            "Write it as https://tiles.example.org/{layer}/{z}/{x}/{y}.png, with {key} where the key belongs."
        )
        env.refuse("E025", "SILIN_BASE_MAP_SOURCE is no address of tiles.", hint)
    if env.base_map == "pmtiles" and not _is_tiles(source):
        hint = "Name a file on this machine that ends in .pmtiles, or its https:// address."
        env.refuse("E022", "SILIN_BASE_MAP is pmtiles and SILIN_BASE_MAP_SOURCE names no such file.", hint)
    if env.base_map != "none" and not env.text("SILIN_MAP_APPROVAL"):
        hint = "A map that is shown to the public carries its number: SILIN_MAP_APPROVAL=GS(2024)0650号"
        env.refuse("W003", "A base map is shown and SILIN_MAP_APPROVAL gives no map-approval number.", hint)


def _is_template(source: str) -> bool:
    """Whether it is an address with places for zoom, column and row."""
    parts = urlsplit(source)
    good = parts.scheme in ("http", "https") and bool(parts.hostname) and not set(source) & set(" ;,'\"|<>")
    return (
        good and not set(parts.netloc) & set("{}@") and all(word in source for word in ("{z}", "{x}", "{y}"))
    )


def _is_tiles(source: str) -> bool:
    """Whether it is a PMTiles file here, or an address where one may lie."""
    parts = urlsplit(source)
    if parts.scheme == "https":
        good = bool(parts.hostname) and not set(parts.netloc) & set(" ;,'\"")
        return good and parts.path.endswith(".pmtiles")
    return source.endswith(".pmtiles") and Path(source).is_file()
