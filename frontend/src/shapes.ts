/** GeoJSON as this map reads it. Properties of a feature, all optional: `label`, `code`, `link`, `colour` (ok warn
 *  late stop), `weight` (0-1), `at` ([lon, lat] of the label), `paint` (water green block building road: ground only). */
export interface Properties {
  label?: string;
  name?: string;
  code?: string;
  link?: string;
  colour?: "ok" | "warn" | "late" | "stop";
  weight?: number;
  at?: [number, number] | string;
  paint?: string;
}

export type Position = [number, number];

export interface Feature {
  type: "Feature";
  geometry:
    | { type: "Point"; coordinates: Position }
    | { type: "LineString"; coordinates: Position[] }
    | { type: "Polygon"; coordinates: Position[][] }
    | { type: "MultiPolygon"; coordinates: Position[][][] }
    | { type: "MultiLineString"; coordinates: Position[][] }
    | null;
  properties: Properties;
}

export interface Shapes {
  type: "FeatureCollection";
  features: Feature[];
}

export type Box = [number, number, number, number];

function positions(part: unknown): Position[] {
  if (!Array.isArray(part)) return [];
  return typeof part[0] === "number" ? [part as Position] : part.flatMap(positions);
}

/** West, south, east, north of everything, or null when there is nothing. */
export function boxOf(features: Feature[]): Box | null {
  const all = features.flatMap((each) => positions(each.geometry?.coordinates));
  if (all.length === 0) return null;
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of all) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

function ringArea(ring: Position[]): number {
  let sum = 0;
  ring.forEach(([x, y], n) => {
    const [nextX, nextY] = ring[(n + 1) % ring.length] as Position;
    sum += x * nextY - nextX * y;
  });
  return sum / 2;
}

/** Centre of mass of a ring (degrees; small shapes only, so no projection). */
function ringCentre(ring: Position[]): Position {
  const area = ringArea(ring);
  const [ox, oy] = ring[0] as Position;
  if (Math.abs(area) < 1e-14) return [ox, oy];
  let x = 0;
  let y = 0;
  ring.forEach(([ax, ay], n) => {
    const [bx, by] = ring[(n + 1) % ring.length] as Position;
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
    x += (ax + bx - 2 * ox) * cross;
    y += (ay + by - 2 * oy) * cross;
  });
  return [ox + x / (6 * area), oy + y / (6 * area)];
}

/** Where a shape's label stands: where the server says, else the middle of its largest part. */
export function labelAt(feature: Feature): Position | null {
  const { at } = feature.properties;
  if (Array.isArray(at)) return at;
  const geometry = feature.geometry;
  if (geometry?.type === "Point") return geometry.coordinates;
  const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
  const rings = polygons.map((polygon) => polygon[0] ?? []).filter((ring) => ring.length > 2);
  rings.sort((a, b) => Math.abs(ringArea(b)) - Math.abs(ringArea(a)));
  return rings[0] ? ringCentre(rings[0]) : null;
}

/** The page behind a shape: its own link, or the template with its code. */
export function linkOf(properties: Properties, template: string): string {
  if (properties.link) return properties.link;
  return template && properties.code ? template.replace("{code}", encodeURIComponent(properties.code)) : "";
}
