/** Names and numbers on the map that do not lie on one another: numbers stand on their spots, names give way. */
import type { Map as Engine, Marker } from "maplibre-gl";
import type { Library } from "./engine";
import { boxOf, labelAt, type Feature, type Position } from "./shapes";

const HIGH = 18; // pixels of a line
const CELL = 64; // pixels of the squares in which neighbours are looked for
const TALL = 76; // pixels of an area in which a name has room to give way
const WAYS: Position[] = [[0, 0], [0, -22], [0, 22]];

interface Label {
  at: Position;
  marker: Marker;
  half: number;
  south: Position;
  isNumber: boolean;
  shown: boolean;
}

interface Taken {
  x: number;
  y: number;
  half: number;
}

/** What is taken already, by squares, so that a thousand labels are placed within a frame. */
class Room {
  private squares = new Map<string, Taken[]>();

  isFree(x: number, y: number, half: number): boolean {
    return this.around(x, y, half).every((key) =>
      (this.squares.get(key) ?? []).every((each) => Math.abs(each.y - y) > HIGH || Math.abs(each.x - x) > each.half + half),
    );
  }

  take(x: number, y: number, half: number): void {
    for (const key of this.around(x, y, half)) {
      const square = this.squares.get(key);
      if (square) square.push({ x, y, half });
      else this.squares.set(key, [{ x, y, half }]);
    }
  }

  private around(x: number, y: number, half: number): string[] {
    const keys: string[] = [];
    for (let column = Math.floor((x - half) / CELL); column <= (x + half) / CELL; column += 1) {
      for (let row = Math.floor((y - HIGH) / CELL); row <= (y + HIGH) / CELL; row += 1) keys.push(`${column} ${row}`);
    }
    return keys;
  }
}

export class Labels {
  private labels: Label[] = [];

  constructor(private maplibre: Library, private engine: Engine) {
    engine.on("moveend", () => this.place());
  }

  /** The features whose labels are to be written: areas have names, points without a colour have numbers. */
  write(features: Feature[]): void {
    for (const each of this.labels) each.marker.remove();
    this.labels = features.flatMap((each) => this.label(each));
    this.place();
  }

  private label(feature: Feature): Label[] {
    const at = labelAt(feature);
    const text = feature.properties.label;
    if (!at || !text) return [];
    const isNumber = feature.geometry?.type === "Point";
    const element = document.createElement("span");
    element.className = isNumber ? "lbl lbl--b" : "lbl";
    element.textContent = text;
    element.setAttribute("aria-hidden", "true");
    const marker = new this.maplibre.Marker({ element }).setLngLat(at);
    const wide = [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 14 : 8), isNumber ? 12 : 4);
    const box = boxOf([feature]) ?? [...at, ...at];
    return [{ at, marker, half: wide / 2, south: [at[0], box[1]], isNumber, shown: false }];
  }

  /** A number keeps its spot; a name goes a little up or down, and drives numbers out only where that is no help. */
  private place(): void {
    const { clientWidth, clientHeight } = this.engine.getContainer();
    const inView = this.labels
      .map((label) => ({ label, ...this.engine.project(label.at) }))
      .filter(({ x, y }) => x > -CELL && y > -CELL && x < clientWidth + CELL && y < clientHeight + CELL);
    const numbers = inView.filter(({ label }) => label.isNumber);
    const spots = new Room();
    for (const { x, y, label } of numbers) spots.take(x, y, label.half);
    const taken = new Room();
    const wanted = new Set<Label>();
    for (const { x, y, label } of inView.filter((each) => !each.label.isNumber)) {
      const isTall = this.engine.project(label.south).y - y > TALL / 2;
      const free = (isTall ? WAYS : WAYS.slice(0, 1)).filter(([dx, dy]) => taken.isFree(x + dx, y + dy, label.half));
      const way = free.find(([dx, dy]) => spots.isFree(x + dx, y + dy, label.half)) ?? free[0];
      if (!way) continue;
      taken.take(x + way[0], y + way[1], label.half);
      label.marker.setOffset(way);
      wanted.add(label);
    }
    for (const { x, y, label } of numbers) {
      if (!taken.isFree(x, y, label.half)) continue;
      taken.take(x, y, label.half);
      wanted.add(label);
    }
    for (const label of this.labels) this.show(label, wanted.has(label));
  }

  /** Only what is seen is part of the page, so that moving the map stays light. */
  private show(label: Label, shown: boolean): void {
    if (shown === label.shown) return;
    label.shown = shown;
    if (shown) label.marker.addTo(this.engine);
    else label.marker.remove();
  }
}
