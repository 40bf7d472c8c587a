/** What lies under the shapes, as the page's script element says: nothing, pictures, or a PMTiles file.
 *
 *  Our shapes are CGCS2000. On a map in GCJ-02 they are moved for the picture, and what is picked is said in
 *  GCJ-02 (`datum`) or moved back (`fromMap`). */
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { script, type Library } from "./engine";
import { fromGcj, toGcj, type Point } from "./gcj";
import { token } from "./map-style";
import type { Shapes } from "./shapes";

type Reader = typeof import("./tiles");

export interface Underlay {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
  isLost?: boolean; // it was asked for and did not come
}

const GROUND: [string, string][] = [["landuse", "map-green"], ["water", "map-water"], ["buildings", "map-building"]];

export function datum(): "CGCS2000" | "GCJ-02" {
  return script?.dataset["datum"] === "GCJ-02" ? "GCJ-02" : "CGCS2000";
}

/** Where the map shows a true point. */
export function toMap(point: Point): Point {
  return datum() === "GCJ-02" ? toGcj(point) : point;
}

/** The true point that the map shows there. */
export function fromMap(point: Point): Point {
  return datum() === "GCJ-02" ? fromGcj(point) : point;
}

/** The shapes as they have to be drawn. */
export function shapesOnMap<Some extends Shapes>(shapes: Some): Some {
  if (datum() === "CGCS2000") return shapes;
  for (const each of shapes.features) {
    if (each.geometry) each.geometry.coordinates = moved(each.geometry.coordinates) as never;
    const { at } = each.properties;
    if (Array.isArray(at)) each.properties.at = toMap(at);
  }
  return shapes;
}

function moved(part: unknown): unknown {
  if (!Array.isArray(part)) return part;
  return typeof part[0] === "number" ? toMap([part[0], part[1] as number]) : part.map(moved);
}

export async function underlay(maplibre: Library): Promise<Underlay> {
  const { kind, tiles = "", deepest = "18", reader = "" } = script?.dataset ?? {};
  if (kind === "raster") return pictures(tiles.split(" "), Number(deepest));
  if (kind !== "pmtiles") return { sources: {}, layers: [] };
  try {
    return await oneFile(maplibre, (await import(reader)) as Reader, tiles);
  } catch {
    return { sources: {}, layers: [], isLost: true };
  }
}

function pictures(layers: string[], maxzoom: number): Underlay {
  const found: Underlay = { sources: {}, layers: [] };
  layers.forEach((servers, n) => {
    found.sources[`base${n}`] = { type: "raster", tiles: servers.split("|"), tileSize: 256, maxzoom };
    found.layers.push({ id: `base${n}`, type: "raster", source: `base${n}` });
  });
  return found;
}

/** Pictures as they are; vector tiles (layers of Protomaps) painted in our own colours. */
async function oneFile(maplibre: Library, reader: Reader, address: string): Promise<Underlay> {
  const url = new URL(address, location.href).href;
  const file = new reader.PMTiles(url);
  const protocol = new reader.Protocol();
  protocol.add(file);
  maplibre.addProtocol("pmtiles", protocol.tile);
  const { tileType, maxZoom } = await file.getHeader();
  if (tileType !== reader.TileType.Mvt) {
    return {
      sources: { base: { type: "raster", url: `pmtiles://${url}`, tileSize: 256, maxzoom: maxZoom } },
      layers: [{ id: "base", type: "raster", source: "base" }],
    };
  }
  return { sources: { base: { type: "vector", url: `pmtiles://${url}` } }, layers: painted() };
}

function painted(): LayerSpecification[] {
  const areas = GROUND.map(
    ([layer, colour]): LayerSpecification => ({
      id: `base-${layer}`,
      type: "fill",
      source: "base",
      "source-layer": layer,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": token(colour) },
    }),
  );
  const roads: LayerSpecification = {
    id: "base-roads",
    type: "line",
    source: "base",
    "source-layer": "roads",
    paint: { "line-color": token("map-road"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 17, 8] },
  };
  return [...areas, roads];
}
