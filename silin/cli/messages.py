"""``silin messages``: gather what every room says, compile the Chinese of it, and tell what is missing.

For developers, in a checkout. Needs Babel and no gettext binary; the build hook compiles with the same code,
so nothing here imports Silin, and Django only where templates are read.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
CATALOG = "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"tests", "migrations", "node_modules", "static"}
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
Key = tuple[str, str]


def arguments(command: ArgumentParser) -> None:
    """All rooms, or only some."""
    command.add_argument(
        "rooms", nargs="*", metavar="ROOM", help="such as lib or fronts/resident; default all"
    )


def run(options: Namespace) -> int:
    """Bring the catalogs up to date and compile them; 1 when Chinese is missing or said in two ways."""
    for room in rooms():
        if not options.rooms or room.relative_to(PACKAGE).as_posix() in options.rooms:
            update(room)
    compile_all()
    findings = [*untranslated(), *said_in_two_ways()]
    print("\n".join(findings) or "Everything is said in Chinese.")
    return 1 if findings else 0


def rooms() -> list[Path]:
    """Every application of the package; each keeps its own catalog."""
    return sorted(apps.parent for apps in PACKAGE.rglob("apps.py"))


def update(room: Path) -> None:
    """Write the room's catalog anew: what it says now, with the Chinese it had."""
    known = {key(message): message for message in entries(room)}
    catalog = Catalog(locale="zh_Hans")
    for said in sorted(gather(room), key=key):
        had = known.get(key(said))
        catalog.add(said.id, had.string if had else None, context=said.context)
    if not known and not len(catalog):
        return
    body = BytesIO()
    write_po(body, catalog, width=110, no_location=True, omit_header=True)
    (room / CATALOG).parent.mkdir(parents=True, exist_ok=True)
    (room / CATALOG).write_text(HEADER + body.getvalue().decode(), encoding="utf-8")


def compile_all() -> None:
    """Write ``django.mo`` beside every ``django.po``; fuzzy entries are left out."""
    for source in sorted(PACKAGE.glob(f"**/{CATALOG}")):
        with source.open("rb") as text:
            catalog = read_po(text, locale="zh_Hans")
        compiled = BytesIO()
        write_mo(compiled, catalog)
        source.with_suffix(".mo").write_bytes(compiled.getvalue())


def untranslated() -> list[str]:
    """One line ``room: words`` for everything a room says that its catalog has no Chinese for."""
    missing = []
    for room in rooms():
        chinese = {key(message) for message in entries(room) if is_said(message)}
        said = sorted({key(message) for message in gather(room)} - chinese)
        missing += [f"{room.relative_to(PACKAGE).as_posix()}: {words}" for words, _context in said]
    return missing


def said_in_two_ways() -> list[str]:
    """One line for each text that two rooms translate differently: only one of them would be shown."""
    ways: dict[Key, dict[str, Path]] = {}
    for room in rooms():
        for message in filter(is_said, entries(room)):
            ways.setdefault(key(message), {}).setdefault(str(message.string), room)
    return [
        f"{words}: " + " / ".join(f"{said} ({room.name})" for said, room in sorted(found.items()))
        for (words, _context), found in sorted(ways.items())
        if len(found) > 1
    ]


def gather(room: Path) -> Iterator[Message]:
    """What the Python files and templates of a room say, once each; rooms inside it are their own."""
    inner = {other for other in rooms() if other != room and room in other.parents}
    seen: set[Key] = set()
    for path in sorted(room.rglob("*")):
        if SKIPPED & set(path.relative_to(PACKAGE).parts) or inner & set(path.parents):
            continue
        for message in said_in(path):
            if key(message) not in seen:
                seen.add(key(message))
                yield message


def said_in(path: Path) -> Iterator[Message]:
    """The messages of one file; nothing for files that are neither Python nor templates."""
    if path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
    elif "templates" in path.parts and path.suffix in (".html", ".txt"):
        source = as_python(path)
    else:
        return
    for _line, words, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield Message(words, context=context)


def as_python(template: Path) -> str:
    """The template's messages as calls of gettext, one a line: the tokenizer must not see its indentation."""
    from django.utils.translation.template import templatize

    source = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in source.splitlines())


def entries(room: Path) -> list[Message]:
    """The room's catalog as it stands, without its header."""
    if not (room / CATALOG).is_file():
        return []
    with (room / CATALOG).open("rb") as text:
        return [message for message in read_po(text, locale="zh_Hans") if message.id]


def key(message: Message) -> Key:
    """What makes two messages the same: the (singular) words and their context."""
    words = message.id if isinstance(message.id, str) else message.id[0]
    return words, message.context or ""


def is_said(message: Message) -> bool:
    """Whether there is Chinese for it, in every form, and nobody doubts it."""
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return bool(strings) and all(strings) and not message.fuzzy
