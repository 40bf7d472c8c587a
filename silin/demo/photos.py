"""Drawn pictures of how things looked before and after: one scene a sort of trouble, a few views of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from silin.demo.sketch import Sketch

VIEWS = 2  # views of each scene


def lamp(sketch: Sketch) -> None:
    """A street at dusk; afterwards the lamp burns."""
    sketch.box(0, 0, 160, 110, "#4c5570" if sketch.done else "#353b4d")
    sketch.shape((0, 74), (160, 66), (160, 110), (0, 110), fill="#3a3b42")
    for at, height in enumerate((38, 50, 30, 44)):
        sketch.box(4 + at * 40, 70 - height, 30, height, "#2b3040")
        for row in range(0, height - 14, 12):
            lit = sketch.rng.random() < 0.4
            sketch.box(9 + at * 40, 75 - height + row, 6, 7, "#b49a63" if lit else "#3b4154")
    post = sketch.rng.choice((70, 92))
    if sketch.done:
        sketch.shape((post + 20, 24), (post - 16, 92), (post + 60, 92), fill="#8c8050")
        sketch.oval(post + 22, 92, 38, 9, "#a8985c")
    sketch.line((post, 100), (post, 22), (post + 20, 18), fill="#8f949c", thick=2.4)
    sketch.oval(post + 22, 20, 7, 3.6, "#ffe9a8" if sketch.done else "#23262e")


def manhole(sketch: Sketch) -> None:
    """A cover beside its hole, water around it; afterwards it lies flat and dry."""
    sketch.street()
    x = sketch.rng.uniform(72, 90)
    if sketch.done:
        sketch.oval(x, 78, 27, 11, "#4a4d50")
        sketch.oval(x, 76, 27, 11, "#6a6f73")
        sketch.ring(x, 76, 20, 7.5, "#53575b")
        for dx in (-14, 0, 14):
            sketch.line((x - 16 + dx, 71), (x + 16 - dx, 81), fill="#53575b", thick=1.2)
        return
    sketch.oval(x, 79, 54, 19, "#5d6458")
    sketch.oval(x, 78, 42, 13, "#6d7566")
    sketch.oval(x - 4, 75, 19, 8, "#3a3c38")
    sketch.line((x - 44, 85), (x - 24, 89), fill="#86907e")
    sketch.line((x + 14, 84), (x + 34, 83), fill="#86907e")
    sketch.oval(x + 30, 67, 17, 6, "#44474a")
    sketch.oval(x + 30, 65.5, 17, 6, "#5c6064")


def rubbish(sketch: Sketch) -> None:
    """Bins with bags around them; afterwards shut and swept."""
    sketch.street()
    for at, colour in enumerate(("#3f6b52", "#41597a", "#6d6d6a")):
        x = 38.0 + at * 32
        sketch.box(x, 50, 24, 34, colour, round_by=2)
        sketch.box(x - 2, 44 if sketch.done else 38, 28, 7, "#2f3436", round_by=2)
        if not sketch.done:
            sketch.shape((x + 2, 50), (x + 6, 40), (x + 20, 41), (x + 23, 50), fill="#d8d2c4")
    if sketch.done:
        return
    for _bag in range(7):
        x, y = sketch.rng.uniform(18, 136), sketch.rng.uniform(82, 98)
        sketch.oval(x, y, 9, 6, sketch.rng.choice(("#2e2f33", "#d9d4c9", "#8a3f35", "#50605a")))
        sketch.box(x - 1.5, y - 9, 3, 4, "#232427")


def leak(sketch: Sketch) -> None:
    """A pipe on a wall with a jet of water; afterwards a new clamp."""
    sketch.room()
    y = sketch.rng.uniform(34, 46)
    sketch.box(0, y, 160, 9, "#7d868a")
    sketch.box(104, 0, 9, y + 2, "#7d868a")
    sketch.box(99, y - 3, 19, 15, "#6b7478", round_by=2)
    if sketch.done:
        sketch.box(56, y - 3, 20, 15, "#b7bec1", round_by=3)
        sketch.box(64, y - 5, 4, 19, "#8f979b")
        return
    for dx in (-8, -3, 2, 7):
        sketch.line((66, y + 9), (66 + dx, y + 26), (66 + dx * 2.2, 84), fill="#9cc3d6", thick=1.6)
    sketch.oval(66, 92, 44, 9, "#7fa6b8")


def clutter(sketch: Sketch) -> None:
    """A landing full of boxes; afterwards free."""
    sketch.room()
    sketch.shape((110, 0), (160, 0), (160, 110), (124, 110), fill="#8d8577")
    for step in range(7):
        sketch.box(118 + step * 3, 96 - step * 14, 60, 5, "#6f695e")
    sketch.box(18, 14, 30, 61, "#7a5a43")
    sketch.oval(43, 46, 2, 2, "#d2b770")
    if sketch.done:
        return
    for _thing in range(8):
        x, width = sketch.rng.uniform(48, 98), sketch.rng.uniform(12, 24)
        y = sketch.rng.uniform(58, 88)
        colour = sketch.rng.choice(("#b08a5b", "#9c7748", "#c6a878", "#6a7580"))
        sketch.box(x, y, width, 102 - y, colour)
        sketch.line((x, y + 6), (x + width, y + 6), fill="#87683f", thick=1)


def bike(sketch: Sketch) -> None:
    """An e-bike fed by a wire from a window; afterwards the wire is gone."""
    sketch.street()
    if not sketch.done:
        sketch.line((54, 26), (60, 52), (76, 60), (88, 70), fill="#c2452f", thick=1.4)
    for x in (66, 112):
        sketch.ring(x, 86, 13, 13, "#2d3033", 3)
    frame = sketch.rng.choice(("#a23d34", "#2f6573", "#3c4a3d"))
    sketch.line((66, 86), (84, 70), (104, 74), (112, 86), fill=frame, thick=4)
    sketch.line((104, 76), (108, 54), (100, 52), fill="#2d3033", thick=2.4)
    sketch.box(74, 62, 22, 6, "#26282b", round_by=2)
    if sketch.done:
        sketch.box(20, 44, 14, 40, "#3f6b52", round_by=2)
        sketch.box(23, 49, 8, 7, "#bfe3c4")


def cars(sketch: Sketch) -> None:
    """A car across a yellow lane; afterwards the lane is free."""
    sketch.street()
    sketch.shape((20, 110), (64, 48), (110, 48), (150, 110), fill="#77736b")
    for step in range(4):
        sketch.shape(
            (40 + step * 26, 108),
            (52 + step * 26, 108),
            (64 + step * 14, 60),
            (58 + step * 14, 60),
            fill="#c9a530",
        )
    if sketch.done:
        return
    body = sketch.rng.choice(("#b9bec2", "#3d4a5e", "#8f2f2a", "#e6e2da"))
    sketch.box(38, 66, 84, 22, body, round_by=6)
    sketch.shape((54, 67), (64, 54), (98, 54), (110, 67), fill=body)
    sketch.shape((60, 66), (67, 57), (80, 57), (80, 66), fill="#53626c")
    sketch.shape((83, 66), (83, 57), (96, 57), (104, 66), fill="#53626c")
    for x in (56, 104):
        sketch.oval(x, 88, 9, 9, "#232528")
        sketch.oval(x, 88, 4, 4, "#8d9296")


def tree(sketch: Sketch) -> None:
    """Boughs down to the windows; afterwards cut back."""
    sketch.street()
    sketch.box(76, 52, 8, 44, "#6b5138")
    sketch.oval(80, 98, 16, 4, "#6d5c47")
    reach = 30 if sketch.done else 54
    leaf = "#5f7f4c" if sketch.done else "#4d6640"
    for at in range(9):
        x = 80 + sketch.rng.uniform(-reach, reach)
        y = 34 + sketch.rng.uniform(-18, 14 if sketch.done else 26)
        sketch.oval(x, y, 17 - at % 3 * 3, 13 - at % 2 * 3, leaf)
    if not sketch.done:
        sketch.line((84, 56), (122, 84), (136, 98), fill="#5d4630", thick=3)
        sketch.oval(134, 92, 17, 9, "#566f45")


def road(sketch: Sketch) -> None:
    """A hole in the tarmac; afterwards a square patch."""
    sketch.street()
    sketch.shape((0, 58), (160, 50), (160, 110), (0, 110), fill="#6f6d69")
    x = sketch.rng.uniform(66, 92)
    if sketch.done:
        sketch.shape((x - 34, 72), (x + 30, 70), (x + 38, 94), (x - 40, 96), fill="#55544f")
        return
    sketch.shape(
        (x - 36, 80), (x - 16, 70), (x + 22, 71), (x + 38, 84), (x + 12, 96), (x - 24, 94), fill="#4f4a42"
    )
    sketch.shape((x - 22, 82), (x - 6, 76), (x + 18, 78), (x + 20, 88), (x - 10, 90), fill="#7b8a8c")
    for _stone in range(9):
        sketch.oval(x + sketch.rng.uniform(-48, 48), sketch.rng.uniform(72, 100), 2.4, 1.7, "#a39d92")


def wall(sketch: Sketch) -> None:
    """Plaster coming off, bills on it; afterwards one clean coat."""
    sketch.box(0, 0, 160, 86, "#cdbfa6" if sketch.done else "#b3a58c")
    sketch.box(0, 84, 160, 26, sketch.kerb)
    sketch.box(sketch.rng.uniform(104, 122), 16, 34, 44, sketch.window)
    if sketch.done:
        sketch.box(14, 14, 84, 60, "#d7cab3")
        return
    sketch.shape((24, 20), (58, 14), (80, 30), (66, 56), (34, 52), fill="#8a7a66")
    sketch.shape((32, 26), (54, 22), (68, 32), (58, 48), (38, 44), fill="#9c6b52")
    for at in range(5):
        sketch.box(
            14 + at * 18,
            60 + sketch.rng.uniform(-4, 4),
            11,
            14,
            sketch.rng.choice(("#efe9dc", "#e5d68d", "#d9e0e4")),
        )
    for _piece in range(6):
        sketch.oval(sketch.rng.uniform(24, 90), sketch.rng.uniform(88, 102), 5, 3, "#94846f")


def door(sketch: Sketch) -> None:
    """A gate that hangs open; afterwards shut, its lamp green."""
    sketch.room()
    sketch.box(46, 10, 62, 66, "#3d4145")
    if sketch.done:
        sketch.box(50, 14, 54, 62, "#5d6a70")
        for row in range(4):
            sketch.box(56, 19 + row * 14, 42, 8, "#78868c")
        sketch.box(114, 36, 12, 18, "#2b2e31", round_by=2)
        sketch.oval(120, 41, 2.4, 2.4, "#65c07c")
        return
    sketch.shape((50, 14), (28, 20), (28, 92), (50, 76), fill="#5a666b")
    sketch.box(52, 14, 54, 62, "#1f2225")
    sketch.box(114, 36, 12, 18, "#2b2e31", round_by=2)
    sketch.line((116, 54), (112, 66), (118, 72), fill="#b0553c", thick=1.4)


def radiator(sketch: Sketch) -> None:
    """A radiator under a window with a thermometer: blue and low, then red and high."""
    sketch.room()
    sketch.box(34, 6, 74, 32, "#a9c0cb")
    sketch.box(69, 6, 3, 32, "#e9e4d8")
    for at in range(8):
        sketch.box(36 + at * 9, 46, 6.5, 28, "#e3ddd1", round_by=2.5)
    sketch.box(28, 68, 84, 3, "#b5aea1")
    level = 34 if sketch.done else 12
    sketch.box(128, 22, 9, 46, "#f3efe6", round_by=4)
    sketch.box(131, 64 - level, 3, level, "#c5462f" if sketch.done else "#3d6c9b")
    sketch.oval(132.5, 67, 5, 5, "#c5462f" if sketch.done else "#3d6c9b")


def lift(sketch: Sketch) -> None:
    """Lift doors with a notice; afterwards the number above them is lit."""
    sketch.room()
    steel = sketch.rng.choice(("#9aa1a5", "#a39c8d", "#8f9a94"))
    sketch.box(44, 18, 66, 58, "#6d7377")
    sketch.box(47, 21, 29, 55, steel)
    sketch.box(78, 21, 29, 55, steel)
    sketch.box(64, 6, 26, 9, "#1d2022", round_by=1)
    sketch.box(74, 8, 6, 5, "#f0a53a" if sketch.done else "#33373a")
    sketch.box(118, 42, 8, 16, "#4c5256", round_by=1.5)
    if not sketch.done:
        sketch.box(62, 36, 30, 22, "#f2ecdd")
        for row in range(3):
            sketch.line((66, 42 + row * 5), (88, 42 + row * 5), fill="#a33a2d", thick=1.6)


def bench(sketch: Sketch) -> None:
    """A park bench with a board missing; afterwards whole."""
    sketch.box(0, 0, 160, 60, "#93a67e" if sketch.done else "#7d8c6c")
    for _bush in range(7):
        sketch.oval(
            sketch.rng.uniform(0, 160),
            sketch.rng.uniform(18, 48),
            20,
            13,
            sketch.rng.choice(("#6f8a5b", "#5f7a4e", "#83995f")),
        )
    sketch.box(0, 58, 160, 52, sketch.ground)
    for x in (40, 114):
        sketch.box(x, 50, 6, 46, "#45484a")
    for row, y in enumerate((48, 58, 72, 80)):
        if sketch.done or row not in (1, 3):
            sketch.box(32, y, 96, 6, "#8c6239")
    if not sketch.done:
        sketch.shape((32, 58), (58, 58), (54, 64), (32, 64), fill="#8c6239")
        sketch.shape((70, 100), (126, 92), (128, 97), (72, 105), fill="#74512f")


def flood(sketch: Sketch) -> None:
    """Water over the pavement after rain; afterwards a clean grating."""
    sketch.street()
    if sketch.done:
        sketch.box(56, 74, 48, 16, "#4b4f52", round_by=1)
        for at in range(8):
            sketch.box(59 + at * 5.6, 76, 2.6, 12, "#25282a")
        return
    sketch.shape((0, 62), (160, 52), (160, 110), (0, 110), fill="#74838a")
    for _wave in range(12):
        x, y = sketch.rng.uniform(4, 140), sketch.rng.uniform(66, 106)
        sketch.line((x, y), (x + 14, y - 1.5), fill="#9fb0b6", thick=1.2)
    for at in range(14):
        x = 6 + at * 11.5
        sketch.line(
            (x, sketch.rng.uniform(2, 20)), (x - 4, sketch.rng.uniform(24, 44)), fill="#c8d3d7", thick=0.8
        )


def wires(sketch: Sketch) -> None:
    """A tangle of cables at head height; afterwards strapped to the wall."""
    sketch.street()
    sketch.box(120, 10, 6, 90, "#7a756c")
    if sketch.done:
        for y in (14, 17, 20):
            sketch.line((0, y + 8), (122, y), fill="#33363a", thick=1)
        for x in (24, 56, 88):
            sketch.box(x, 16, 3, 14, "#9a9488")
        return
    for _cable in range(6):
        sag = sketch.rng.uniform(34, 78)
        sketch.line((0, 16), (40, 20 + sag * 0.7), (78, 22 + sag * 0.8), (122, 16), fill="#26292c", thick=1.3)
    sketch.ring(72, 68, 11, 9, "#26292c", 1.4)


def table(sketch: Sketch) -> None:
    """A counter with papers, or a kitchen table: something was talked over and done."""
    sketch.room()
    sketch.box(40, 10, 50, 30, "#b98f5c" if sketch.done else "#9a7a52")
    sketch.box(43, 13, 44, 24, "#efe8d8")
    sketch.box(0, 66, 160, 44, "#8a6847")
    sketch.shape((34, 76), (70, 72), (76, 92), (38, 96), fill="#f4efe4")
    for row in range(4):
        sketch.line((40, 79 + row * 4), (66, 76 + row * 4), fill="#a7a094", thick=1)
    cup = sketch.rng.uniform(92, 118)
    sketch.oval(cup, 84, 13, 5, "#e6ded0")
    sketch.box(cup - 12, 66, 24, 18, "#d7cdbb", round_by=3)
    if sketch.done:
        sketch.ring(60, 88, 6, 5, "#b3372a", 1.4)
        sketch.line((80, 94), (96, 88), fill="#31465e", thick=2)


def stall(sketch: Sketch) -> None:
    """A stall on the pavement; afterwards the pavement is free."""
    sketch.street()
    for at in range(8):
        sketch.shape(
            (at * 21, 62), (at * 21 + 10, 62), (at * 24 + 6, 110), (at * 24 - 8, 110), fill="#8f897d"
        )
    if sketch.done:
        sketch.box(0, 60, 160, 3, "#c7b45a")
        return
    for at in range(6):
        sketch.shape(
            (30 + at * 16, 30),
            (46 + at * 16, 30),
            (48 + at * 16, 42),
            (28 + at * 16, 42),
            fill="#b5443a" if at % 2 else "#e8e0d0",
        )
    sketch.box(34, 42, 3, 50, "#5a5651")
    sketch.box(122, 42, 3, 50, "#5a5651")
    sketch.box(30, 68, 98, 20, "#94744d")
    for _thing in range(18):
        sketch.oval(
            sketch.rng.uniform(36, 122),
            sketch.rng.uniform(62, 70),
            5,
            4,
            sketch.rng.choice(("#c1572f", "#6b8f45", "#d6a63c", "#8d3b3b")),
        )


SCENES: dict[str, Callable[[Sketch], None]] = {
    scene.__name__: scene
    for scene in (
        lamp, manhole, rubbish, leak, clutter, bike, cars, tree, road, wall, door, radiator, lift, bench,
        flood, wires, table, stall,
    )
}  # fmt: skip


@cache
def picture(scene: str, view: int, *, done: bool) -> bytes:
    """One view of a scene as JPEG, the same bytes each time; ``done``: the same view after the work."""
    sketch = Sketch(f"{scene} {view % VIEWS}", done=done)
    SCENES[scene](sketch)
    return sketch.jpeg()
