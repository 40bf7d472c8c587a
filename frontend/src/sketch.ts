/** The corners that somebody is drawing, as text and as points, with undo and redo. Degrees, CGCS2000. */
import type { Feature, Position } from "./shapes";

const DECIMALS = 7; // a centimetre

export class Sketch {
  corners: Position[] = [];
  private past: Position[][] = [];
  private future: Position[][] = [];

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** Every change of the corners goes through here, so that it can be undone. */
  change(corners: Position[]): void {
    this.past.push(this.corners);
    this.future = [];
    this.corners = corners;
  }

  /** Begin with something that was there before: nothing to undo. */
  begin(corners: Position[]): void {
    this.past = [];
    this.future = [];
    this.corners = corners;
  }

  undo(): void {
    const last = this.past.pop();
    if (!last) return;
    this.future.push(this.corners);
    this.corners = last;
  }

  redo(): void {
    const next = this.future.pop();
    if (!next) return;
    this.past.push(this.corners);
    this.corners = next;
  }

  put(n: number, corner: Position): void {
    this.change(this.corners.map((each, at) => (at === n ? corner : each)));
  }

  insert(n: number, corner: Position): void {
    this.change([...this.corners.slice(0, n), corner, ...this.corners.slice(n)]);
  }

  remove(n: number): void {
    this.change(this.corners.filter((_each, at) => at !== n));
  }

  get text(): string {
    return this.corners.map(([lon, lat]) => `${lon.toFixed(DECIMALS)}, ${lat.toFixed(DECIMALS)}`).join("\n");
  }
}

/** The corners in lines `longitude, latitude`; null where it is something else (GeoJSON, two outlines, a slip). */
export function cornersIn(text: string): Position[] | null {
  const lines = text.trim().split("\n").map((line) => line.trim());
  if (lines.length === 1 && !lines[0]) return [];
  const found = lines.map((line) => line.split(/[,，;；\s]+/).filter(Boolean).map(Number));
  const good = found.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return good ? (found as Position[]) : null;
}

/** The corners of an outline that is one ring; null for islands and holes, which are changed as text. */
export function ringOf(feature: Feature): Position[] | null {
  const geometry = feature.geometry;
  if (geometry?.type !== "Polygon" || geometry.coordinates.length !== 1) return null;
  return (geometry.coordinates[0] ?? []).slice(0, -1);
}

function onEdge([ax, ay]: Position, [bx, by]: Position, [x, y]: Position): Position {
  const long = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = long ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long)) : 0;
  return [ax + share * (bx - ax), ay + share * (by - ay)];
}

function nearest(points: Position[], to: Position, within: number): Position | null {
  let best: Position | null = null;
  let least = within;
  for (const each of points) {
    const far = Math.hypot(each[0] - to[0], each[1] - to[1]);
    if (far <= least) [best, least] = [each, far];
  }
  return best;
}

/** `at` (pixels) moved onto a corner of `rings` that is near, else onto an edge. */
export function snapped(at: Position, rings: Position[][], within: number): Position {
  const corner = nearest(rings.flat(), at, within);
  if (corner) return corner;
  const feet = rings.flatMap((ring) => ring.map((each, n) => onEdge(each, ring[(n + 1) % ring.length] as Position, at)));
  return nearest(feet, at, within) ?? at;
}
