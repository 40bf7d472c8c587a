/** GCJ-02, the shifted datum of Chinese web maps; the same formulas as silin/lib/datum.py, tested against it. */
export type Point = [number, number];

const AXIS = 6378245.0;
const E2 = 0.00669342162296594323;

function wave(metres: number, halfTurns: number): number {
  return (metres * Math.sin(halfTurns * Math.PI) * 2) / 3;
}

function isOutside(lon: number, lat: number): boolean {
  return !(72.004 <= lon && lon <= 137.8347 && 0.8293 <= lat && lat <= 55.8271);
}

/** Where a map in GCJ-02 shows a true point. */
export function toGcj([lon, lat]: Point): Point {
  if (isOutside(lon, lat)) return [lon, lat];
  const x = lon - 105;
  const y = lat - 35;
  const root = Math.sqrt(Math.abs(x));
  const common = wave(20, 6 * x) + wave(20, 2 * x);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + wave(20, x) + wave(40, x / 3) + wave(150, x / 12) + wave(300, x / 30);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + wave(20, y) + wave(40, y / 3) + wave(160, y / 12) + wave(320, y / 30);
  const angle = (lat * Math.PI) / 180;
  const curve = 1 - E2 * Math.sin(angle) ** 2;
  const perDegree = (AXIS * Math.PI) / 180 / Math.sqrt(curve);
  return [lon + east / (perDegree * Math.cos(angle)), lat + north / ((perDegree * (1 - E2)) / curve)];
}

/** The true point that a map in GCJ-02 shows there: the fixed point of the way out. */
export function fromGcj([lon, lat]: Point): Point {
  let guess: Point = [lon, lat];
  for (let round = 0; round < 12; round += 1) {
    const [foundLon, foundLat] = toGcj(guess);
    guess = [guess[0] + lon - foundLon, guess[1] + lat - foundLat];
    if (Math.abs(lon - foundLon) + Math.abs(lat - foundLat) < 1e-11) break;
  }
  return guess;
}
