/** The map engine, fetched once and only where a map is shown; what every map of ours says and shows. */
import type { Map as Engine } from "maplibre-gl";
import type { Underlay } from "./base";
import { say } from "./words";

export type Library = typeof import("maplibre-gl");

/** The script element of the page's maps: where things lie, and which base map was chosen. */
export const script = document.querySelector<HTMLScriptElement>("script[data-engine]");
let library: Promise<Library> | undefined;

export function fetchLibrary(): Promise<Library> {
  library ??= (async () => {
    const { engine = "", worker = "", styles = "" } = script?.dataset ?? {};
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: styles });
    const styled = new Promise((done) => (sheet.onload = sheet.onerror = done));
    document.head.append(sheet);
    const maplibre = (await import(engine)) as Library;
    maplibre.setWorkerUrl(new URL(worker, location.href).href);
    await styled;
    return maplibre;
  })();
  return library;
}

export function words(key: string): string {
  return say(key, {}, "map-words");
}

export function locale(label: string | undefined): Record<string, string> {
  return {
    "Map.Title": label ?? words("title"),
    "NavigationControl.ZoomIn": words("in"),
    "NavigationControl.ZoomOut": words("out"),
    "CooperativeGesturesHandler.WindowsHelpText": words("ctrl"),
    "CooperativeGesturesHandler.MacHelpText": words("ctrl"),
    "CooperativeGesturesHandler.MobileHelpText": words("fingers"),
  };
}

/** Whose map it is, and its approval number, in the corner. */
export function creditOn(map: HTMLElement): void {
  const credit = script?.dataset["credit"];
  if (!credit) return;
  const line = document.createElement("p");
  line.className = "map-credit";
  line.textContent = credit;
  map.append(line);
}

/** Says once that the base map does not come; shapes are drawn on blank ground all the same. */
export function tellOfGround(map: HTMLElement, engine: Engine, under: Underlay): void {
  const tell = (): void => {
    if (map.querySelector(".map-bare")) return;
    const line = document.createElement("p");
    line.className = "map-bare";
    line.setAttribute("role", "status");
    line.textContent = words("bare");
    map.append(line);
  };
  if (under.isLost) tell();
  engine.on("error", (event) => {
    if (String((event as { sourceId?: string }).sourceId ?? "").startsWith("base")) tell();
  });
}
