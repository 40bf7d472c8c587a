/** How the map is painted: token colours only, no glyphs, no network but the shapes themselves and the base map under them. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Underlay } from "./base";

export const LINKED_LAYER = "area";
const PAINTS = ["water", "green", "block", "building", "road"] as const;

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function ground(paint: (typeof PAINTS)[number]): LayerSpecification {
  const only = ["==", ["get", "paint"], paint] as unknown as never;
  if (paint === "road") {
    return { id: paint, type: "line", source: "shapes", filter: only, paint: { "line-color": token("map-road"), "line-width": 4 } };
  }
  return { id: paint, type: "fill", source: "shapes", filter: only, paint: { "fill-color": token(`map-${paint}`) } };
}

/** Areas are filled by `colour` (ok warn late stop; brand without) as deep as `weight` (0-1) says. */
function areas(): LayerSpecification[] {
  const only = ["all", ["==", ["geometry-type"], "Polygon"], ["!", ["has", "paint"]]] as unknown as never;
  const colour = ["match", ["get", "colour"], "ok", token("ok"), "warn", token("warn-fill"), "late", token("late"), "stop", token("edge"), token("brand")];
  return [
    {
      id: LINKED_LAYER,
      type: "fill",
      source: "shapes",
      filter: only,
      paint: { "fill-color": colour as unknown as string, "fill-opacity": ["coalesce", ["get", "weight"], 0.12] as unknown as number },
    },
    {
      id: "edge",
      type: "line",
      source: "shapes",
      filter: only,
      paint: { "line-color": token("map-grid"), "line-width": 1.5, "line-dasharray": [3, 2] },
    },
  ];
}

/** The whole picture; `under` is the base map, on which areas stand alone without our drawn ground. */
export function style(under: Underlay): StyleSpecification {
  return {
    version: 8,
    sources: { ...under.sources, shapes: { type: "geojson", data: { type: "FeatureCollection", features: [] } } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": token("map-land") } },
      ...(under.layers.length ? under.layers : PAINTS.map(ground)),
      ...areas(),
    ],
  };
}
