"""A small drawing board for the demo's pictures: 160 by 110 units, flat colours, no outlines."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE, SHOWN = 160, 110, 6, 4  # units; pixels a unit while drawing and in the picture

Corner = tuple[float, float]

# What a place looks like on a dull and on a bright day: wall, window, ground, kerb.
DULL = ("#b5a893", "#77848a", "#8c867b", "#6b675f")
BRIGHT = ("#cfc3ad", "#90a0a6", "#a49d90", "#827d74")


class Sketch:
    """One picture. ``done`` is the same view after the work: brighter, and put right."""

    def __init__(self, seed: str, *, done: bool) -> None:
        self.rng = random.Random(seed)
        self.done = done
        self.wall, self.window, self.ground, self.kerb = BRIGHT if done else DULL
        self._image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), self.ground)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, x: float, y: float, width: float, height: float, fill: str, *, round_by: float = 0) -> None:
        """A rectangle, with round corners if wanted."""
        corners = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self._draw.rounded_rectangle(corners, round_by * SCALE, fill)

    def shape(self, *corners: Corner, fill: str) -> None:
        """A polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in corners], fill)

    def oval(self, x: float, y: float, across: float, along: float, fill: str) -> None:
        """An ellipse around ``x``, ``y`` with these radii."""
        corners = ((x - across) * SCALE, (y - along) * SCALE, (x + across) * SCALE, (y + along) * SCALE)
        self._draw.ellipse(corners, fill)

    def ring(self, x: float, y: float, across: float, along: float, fill: str, thick: float = 1.5) -> None:
        """The rim of an ellipse."""
        corners = ((x - across) * SCALE, (y - along) * SCALE, (x + across) * SCALE, (y + along) * SCALE)
        self._draw.ellipse(corners, outline=fill, width=round(thick * SCALE))

    def line(self, *corners: Corner, fill: str, thick: float = 1.5) -> None:
        """A line through the corners."""
        self._draw.line(
            [(x * SCALE, y * SCALE) for x, y in corners], fill, round(thick * SCALE), joint="curve"
        )

    def street(self) -> None:
        """A wall with windows behind a strip of ground: most pictures stand in front of it."""
        tilt = self.rng.uniform(6, 14)
        self.shape((0, 0), (160, 0), (160, 34), (0, 34 + tilt), fill=self.wall)
        shift = self.rng.uniform(-8, 8)
        for at in range(5):
            self.box(8 + shift + at * 38, 6, 21, 23 - at, self.window)
        self.shape((0, 34 + tilt), (160, 34), (160, 40), (0, 40 + tilt), fill=self.kerb)

    def room(self) -> None:
        """The inside of a stairway or a flat: wall, skirting, floor."""
        floor = self.rng.uniform(72, 80)
        self.box(0, 0, 160, floor + 2, self.wall)
        self.box(0, floor, 160, 5, self.kerb)

    def jpeg(self) -> bytes:
        """The picture as JPEG, 640 by 440 pixels."""
        small = self._image.resize((WIDTH * SHOWN, HEIGHT * SHOWN), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        small.save(file, "JPEG", quality=82)
        return file.getvalue()
