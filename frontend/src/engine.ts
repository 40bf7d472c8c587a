/** The map engine, fetched once and only where a map is shown; what every map of ours says and shows. */
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
