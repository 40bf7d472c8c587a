"""House test 3: template includes, ``{% url %}`` and ``reverse`` look down; every static file is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders

from tests.house.tree import ROOT, files, may_know, room_of, sources, write

LABEL = re.compile(r"""{%\s*(extends|include|url)\s+["']([^"']+)["']""")
STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
INLINE = re.compile(
    r"""<script(?![^>]*\ssrc=)[^>]*>|\sstyle=["']|\son[a-z]+=["']|<style|href=["']javascript:""", re.I
)
DATA_BLOCK = re.compile(r"""<script[^>]*type=["']application/(ld\+)?json["']""", re.I)


def upward_references(root: Path) -> list[str]:
    """References of templates and of Python to templates and addresses of a sibling or a higher room."""
    return [*_of_templates(root), *_of_python(root)]


def _of_templates(root: Path) -> Iterator[str]:
    for path in files(root / "silin", ".html", ".txt"):
        room = room_of(path, root)
        for word, name in LABEL.findall(path.read_text()):
            other = _owner_of_address(name) if word == "url" else _owner_of_template(name)
            if other and room and not may_know(room, other):
                yield f"{path.relative_to(root)}: {word} {name}"


def _of_python(root: Path) -> Iterator[str]:
    for source in sources(root):
        for function in ("reverse", "reverse_lazy", "redirect", "resolve_url"):
            for call in source.calls(function):
                name = _first_word(call)
                other = _owner_of_address(name)
                if other and source.room and not may_know(source.room, other):
                    yield f"{source.name}:{call.lineno}: {function} {name}"


def _first_word(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _owner_of_address(name: str) -> str:
    """``matters:answer`` belongs to matters; a name without a room to the house itself."""
    return name.rpartition(":")[0].partition(":")[0]


def _owner_of_template(name: str) -> str:
    """``matters/row.html`` belongs to matters, ``silin/…`` to lib; a page of no room (404.html) to nobody."""
    folder = name.partition("/")[0] if "/" in name else ""
    return {"silin": "lib", "notices": ""}.get(folder, folder)


def lost_static_files(root: Path) -> list[str]:
    """Static files that a template names and nobody has."""
    named = {
        (str(path.relative_to(root)), name)
        for path in files(root / "silin", ".html")
        for name in STATIC.findall(path.read_text())
    }
    return sorted(f"{path}: {name}" for path, name in named if finders.find(name) is None)


def inline_code(root: Path) -> list[str]:
    """Scripts, styles and handlers inside templates: the content policy would silently drop them."""
    return [
        f"{path.relative_to(root)}: {match.group().strip()}"
        for path in files(root / "silin", ".html")
        for match in INLINE.finditer(path.read_text())
        if not DATA_BLOCK.match(match.group())
    ]


def test_templates_and_addresses_look_down() -> None:
    assert upward_references(ROOT) == []


def test_static_files_are_there() -> None:
    assert lost_static_files(ROOT) == []


def test_no_code_inside_pages() -> None:
    assert inline_code(ROOT) == []


def test_breach(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "silin/places/templates/places/page.html": """
                {% extends "silin/desk.html" %}{% include 'matters/row.html' %}{% url "desk:home" %}
                {% url "places:desk" %}{% url "set_language" %}
                """,
            "silin/people/actions.py": "reverse('matters:inbox')\nreverse('places:desk')",
            "silin/fronts/wall/templates/wall/page.html": "{% include 'open/a.html' %}{% url 'matters:a' %}",
        },
    )
    assert upward_references(root) == [
        "silin/fronts/wall/templates/wall/page.html: include open/a.html",
        "silin/places/templates/places/page.html: include matters/row.html",
        "silin/places/templates/places/page.html: url desk:home",
        "silin/people/actions.py:1: reverse matters:inbox",
    ]


def test_breach_static_and_inline(tmp_path: Path) -> None:
    page = """
        {% static 'silin/silin.css' %}{% static "silin/lost.css" %}
        <script src="{% static 'silin/silin.css' %}"></script><script type="application/json">{}</script>
        <script>alert(1)</script><p style="color:red" onclick="x()">
        """
    root = write(tmp_path, {"silin/lib/templates/silin/page.html": page})
    assert lost_static_files(root) == ["silin/lib/templates/silin/page.html: silin/lost.css"]
    assert [line.partition(": ")[2] for line in inline_code(root)] == ["<script>", 'style="', 'onclick="']
