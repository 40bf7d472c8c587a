/** A form's point from the map: `<silin-map data-pick data-into>` fills `point` and `datum` of its form.
 *
 *  Only what somebody does counts, not where the map opens. A building chosen in the form, or looked for by its name
 *  above the map, brings the map there; the latter is the point, too. */
import type { Map as Engine } from "maplibre-gl";
import { fromMap } from "./base";
import type { Feature, Position } from "./shapes";

const CLOSE = 17;
const DIGITS = 6;

/** The point as the form takes it. */
export function fillPoint(map: HTMLElement, [lon, lat]: Position, datum: string): void {
  const fields = map.closest("form")?.elements;
  const point = fields?.namedItem("point");
  const list = fields?.namedItem("datum");
  if (point instanceof HTMLInputElement) point.value = `${lon.toFixed(DIGITS)}, ${lat.toFixed(DIGITS)}`;
  if (list instanceof HTMLSelectElement) list.value = datum;
}

/** Offer the buildings on the map by their names. */
export function offerBuildings(map: HTMLElement, engine: Engine, features: Feature[]): void {
  const form = map.closest("form");
  const spots = new Map<string, Position>();
  for (const { geometry, properties } of features) {
    if (geometry?.type === "Point" && properties.name) spots.set(properties.name, geometry.coordinates);
  }
  const list = form?.elements.namedItem("building");
  if (list instanceof HTMLSelectElement) {
    list.addEventListener("change", () => {
      const at = spots.get(list.selectedOptions[0]?.text ?? "");
      if (at) engine.jumpTo({ center: at, zoom: CLOSE });
    });
  }
  const field = form?.querySelector<HTMLElement>("[data-find]");
  const input = field?.querySelector("input");
  if (!field || !input || !spots.size) return;
  field.querySelector("datalist")?.append(...[...spots.keys()].map((name) => new Option(name)));
  field.hidden = false;
  input.addEventListener("change", () => {
    const words = input.value.trim();
    const name = spots.has(words) ? words : [...spots.keys()].find((each) => words && each.includes(words));
    const at = name ? spots.get(name) : undefined;
    if (!at) return;
    engine.jumpTo({ center: at, zoom: CLOSE });
    fillPoint(map, fromMap(at), "CGCS2000");
  });
}
