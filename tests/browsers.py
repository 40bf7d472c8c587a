"""A real Chromium: pictures of pages, and axe-core's word on who is left out by them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Error, Page, Response, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "tests" / "pictures"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000  # on a busy machine the five seconds that a check waits by itself are too few
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window. Raises ``RuntimeError`` where there is none: never skipped."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("The browser tests need Chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def new_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page of a browser that knows nobody yet, as wide as a phone.

    After the block fails on anything a strict page must not do: errors in scripts, broken policies.
    """
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda said: faults.append(said.text) if _is_breach(said.text) else None)
    page.on("response", lambda answer: faults.extend(_fault(answer)))
    try:
        yield page
    finally:
        context.close()
    if faults:
        raise AssertionError("the pages broke something:\n" + "\n".join(faults))


def axe(page: Page) -> list[str]:
    """What axe-core finds on the page: one line a violation, with where it is. An empty list is good."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    session.detach()
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def look(page: Page, name: str) -> Path:
    """Keep a picture of the whole page under tests/pictures (not in the repository); returns its path."""
    PICTURES.mkdir(exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    safe = re.sub(r"[^\w-]+", "-", name)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    draft = PICTURES / f".{safe}-{width}{worker}.png"
    _shoot(page, draft)
    return draft.rename(PICTURES / f"{safe}-{width}.png")


def side_by_side(names: Sequence[str], to: str) -> None:
    """Tops of pictures in one strip, as the documents show them; a desk's is made as high as a phone's."""
    strip, high = [], PHONE["height"]
    for name in names:
        picture = Image.open(PICTURES / f"{name}.png").convert("RGB")
        top = picture.crop((0, 0, picture.width, 900 if picture.width > high else high))
        strip.append(top.resize((high * top.width // top.height, high)))
    whole = Image.new("RGB", (sum(each.width + 16 for each in strip) - 16, high), "white")
    at = 0
    for each in strip:
        whole.paste(each, (at, 0))
        at += each.width + 16
    whole.resize((whole.width * 2 // 3, high * 2 // 3)).quantize(256).save(PICTURES / f"{to}.png")


def _shoot(page: Page, path: Path) -> None:
    """On a busy machine Chromium sometimes has no frame to give: "Unable to capture screenshot"."""
    for tries_left in (2, 1, 0):
        try:
            page.screenshot(path=path, full_page=True)
            return
        except Error as error:
            if not tries_left or "Unable to capture" not in error.message:
                raise


def _is_breach(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


def _fault(answer: Response) -> list[str]:
    """A page that asks for what is not there, or that our server failed on."""
    static_lost = answer.status == 404 and "/static/" in answer.url
    return [f"{answer.status} {answer.url}"] if answer.status >= 500 or static_lost else []
