/** The dots by which the corners of a sketch are moved: as many as have room, each big enough to be hit.
 *
 *  Where corners lie closer than a dot is wide only some have one; the chosen corner always has, a larger one. Tab
 *  goes from dot to dot, arrows move a corner, page up and down choose the next one, delete takes it away. */
import type { Map as Engine, Marker } from "maplibre-gl";
import type { Library } from "./engine";
import type { Position } from "./shapes";

const DOT = 24; // pixels, the least that can be hit
const CHOSEN = 44;
const GAP = 2;
const BETWEEN = 80; // pixels between two corners that leave room for a dot between them
const STEP = 4; // pixels of an arrow key
const CONTROLS: Position = [60, 90]; // pixels at the lower left, where the map has its buttons
const ARROWS: Record<string, Position> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** What the dots ask of the sketch. */
export interface Deeds {
  move(n: number, pixel: Position, snap: boolean): void;
  remove(n: number): void;
  insert(n: number, at: Position): void;
  say(key: string, n: number): string;
}

interface Dot {
  n: number;
  at: Position;
  isCorner: boolean;
}

export class Handles {
  /** The corner that arrow keys and the buttons above the map act on; -1: none. */
  chosen = -1;
  private corners: Position[] = [];
  private closed = false;
  private shown: Marker[] = [];

  constructor(private maplibre: Library, private engine: Engine, private deeds: Deeds) {}

  draw(corners: Position[], closed: boolean): void {
    const wasOn = this.shown.some((each) => each.getElement() === document.activeElement && each.getElement().dataset["corner"]);
    this.corners = corners;
    this.closed = closed;
    if (this.chosen >= corners.length) this.chosen = corners.length - 1;
    for (const each of this.shown) each.remove();
    this.shown = this.withRoom().map((dot) => (dot.isCorner ? this.corner(dot) : this.between(dot)));
    if (wasOn) this.focus();
  }

  /** Choose the next corner, bring it into view and put the keyboard on it. */
  choose(step: number): void {
    const n = this.corners.length;
    if (!n) return;
    this.chosen = this.chosen < 0 ? (step > 0 ? 0 : n - 1) : (this.chosen + step + n) % n;
    const at = this.corners[this.chosen] as Position;
    if (!this.isInView(this.engine.project(at), CHOSEN)) this.engine.jumpTo({ center: at });
    this.draw(this.corners, this.closed);
    this.focus();
  }

  private focus(): void {
    const on = this.shown.find((each) => each.getElement().dataset["corner"] === String(this.chosen));
    on?.getElement().focus({ preventScroll: true });
  }

  /** The chosen corner first, then every corner with room, then dots between corners; in the order of the line. */
  private withRoom(): Dot[] {
    const corners = this.corners.map((at, n): Dot => ({ n, at, isCorner: true }));
    const first = corners[this.chosen];
    const kept: { dot: Dot; x: number; y: number; half: number }[] = [];
    for (const dot of [...(first ? [first] : []), ...corners, ...this.middles()]) {
      const half = (dot === first ? CHOSEN : DOT) / 2 + GAP / 2;
      const { x, y } = this.engine.project(dot.at);
      const clear = kept.every((each) => Math.max(Math.abs(each.x - x), Math.abs(each.y - y)) >= half + each.half);
      if (clear && (dot === first || this.isInView({ x, y }, DOT))) kept.push({ dot, x, y, half });
    }
    return kept.map(({ dot }) => dot).sort((a, b) => a.n - b.n || Number(b.isCorner) - Number(a.isCorner));
  }

  private middles(): Dot[] {
    return this.corners.flatMap((corner, n) => {
      const next = this.corners[n + 1] ?? (this.closed ? this.corners[0] : undefined);
      if (!next) return [];
      const [a, b] = [this.engine.project(corner), this.engine.project(next)];
      const at: Position = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
      return Math.hypot(a.x - b.x, a.y - b.y) > BETWEEN ? [{ n, at, isCorner: false }] : [];
    });
  }

  private isInView({ x, y }: { x: number; y: number }, size: number): boolean {
    const { clientWidth: wide, clientHeight: high } = this.engine.getContainer();
    const half = size / 2;
    const underControls = x < CONTROLS[0] + half && y > high - CONTROLS[1] - half;
    return x >= half && y >= half && x <= wide - half && y <= high - half && !underControls;
  }

  private corner({ n, at }: Dot): Marker {
    const element = button(n === this.chosen ? "ge-corner ge-corner--on" : "ge-corner", this.deeds.say("corner", n + 1));
    element.dataset["corner"] = String(n);
    const marker = new this.maplibre.Marker({ element, draggable: true }).setLngLat(at).addTo(this.engine);
    const pixel = (): Position => {
      const { x, y } = this.engine.project(marker.getLngLat());
      return [x, y];
    };
    marker.on("dragend", () => {
      this.chosen = n;
      this.deeds.move(n, pixel(), true);
    });
    element.addEventListener("click", () => this.take(n));
    element.addEventListener("focus", () => element.matches(":focus-visible") && this.take(n));
    element.addEventListener("dblclick", () => this.deeds.remove(n));
    element.addEventListener("keydown", (event) => this.onKey(event, n, pixel));
    return marker;
  }

  private take(n: number): void {
    if (this.chosen === n) return;
    this.chosen = n;
    this.draw(this.corners, this.closed);
    this.focus();
  }

  private between({ n, at }: Dot): Marker {
    const element = button("ge-between", this.deeds.say("between", n + 1));
    element.addEventListener("click", () => {
      this.chosen = n + 1;
      this.deeds.insert(n + 1, at);
      this.focus();
    });
    return new this.maplibre.Marker({ element }).setLngLat(at).addTo(this.engine);
  }

  private onKey(event: KeyboardEvent, n: number, pixel: () => Position): void {
    const step = ARROWS[event.key];
    if (step) {
      const [x, y] = pixel();
      this.chosen = n;
      this.deeds.move(n, [x + step[0], y + step[1]], false);
    } else if (event.key === "Delete" || event.key === "Backspace") this.deeds.remove(n);
    else if (event.key === "PageDown") this.choose(1);
    else if (event.key === "PageUp") this.choose(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function button(name: string, label: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", (event) => event.stopPropagation());
  return made;
}
