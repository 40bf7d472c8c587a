/** `<silin-map>`: shapes that carry the state, or a point to pick. A list beside it always says the same in words.
 *
 *  data-shapes         address of the GeoJSON (see shapes.ts); data-refresh: seconds after which it is asked again
 *  data-link-template  address behind a shape, with {code}
 *  data-lon data-lat data-zoom   where it opens; without them it fits its shapes
 *  data-pick           the needle in the middle picks a point: hidden inputs lon, lat, datum; event "changed"
 *  data-into           with data-pick: fills `point` and `datum` of its form instead, see picker.ts
 *  data-on-tap         it is shown only when asked for ("open", see doors.ts); data-still: nobody touches it (walls)
 *  data-label          what the map shows, for screen readers */
import type { Map as Engine, Marker } from "maplibre-gl";
import { datum, shapesOnMap, toMap, underlay, type Underlay } from "./base";
import { creditOn, fetchLibrary, locale, tellOfGround, words, type Library } from "./engine";
import { Labels } from "./labels";
import { LINKED_LAYER, style } from "./map-style";
import { fillPoint, offerBuildings } from "./picker";
import { boxOf, labelAt, linkOf, type Feature, type Properties, type Shapes } from "./shapes";

type DatumName = "CGCS2000" | "WGS-84" | "GCJ-02";

const DIGITS = 6;
const PIN = '<svg viewBox="0 0 46 64" aria-hidden="true"><path d="M23 63C17 49 1 40 1 23a22 22 0 0 1 44 0c0 17-16 26-22 40z" fill="var(--accent)" stroke="#fff" stroke-width="2.5"/><circle cx="23" cy="23" r="8" fill="#fff"/></svg>';
const DOTS: Record<string, string> = {
  ok: '<circle cx="12" cy="12" r="8" fill="var(--ok)" stroke="var(--surface)" stroke-width="2.5"/>',
  warn: '<path d="M12 2l10.5 18.5h-21z" fill="var(--warn-fill)" stroke="var(--surface)" stroke-width="2.5" stroke-linejoin="round"/>',
  late: '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="var(--late)" stroke="var(--surface)" stroke-width="2.5"/>',
  stop: '<rect x="4" y="4" width="16" height="16" fill="var(--edge)" stroke="var(--surface)" stroke-width="2.5"/>',
};

class SilinMap extends HTMLElement {
  private engine: Engine | undefined;
  private marks: Marker[] = [];
  private labels: Labels | undefined;
  private timer = 0;
  private travelling: DatumName | undefined;

  connectedCallback(): void {
    if (this.engine) return;
    if ("onTap" in this.dataset) this.addEventListener("open", () => void this.show(), { once: true });
    else void this.show();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    this.engine?.remove();
    this.engine = undefined;
  }

  private async show(): Promise<void> {
    try {
      const maplibre = await fetchLibrary();
      const under = await underlay(maplibre);
      if (this.isConnected) this.build(maplibre, under);
    } catch {
      this.sayPlainly(words("broken"));
    }
  }

  private sayPlainly(text: string): void {
    const note = this.querySelector<HTMLElement>(".map-says") ?? document.createElement("p");
    note.className = "note note--warn map-says";
    note.setAttribute("role", "status");
    note.textContent = text;
    this.append(note);
  }

  private build(maplibre: Library, under: Underlay): void {
    const box = document.createElement("div");
    box.className = "map-canvas";
    this.append(box);
    const { lon, lat, zoom, label } = this.dataset;
    const picks = "pick" in this.dataset;
    this.engine = new maplibre.Map({
      container: box,
      style: style(under),
      center: toMap([Number(lon ?? 0), Number(lat ?? 0)]),
      zoom: Number(zoom ?? (lon ? 16 : 1)),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      interactive: !("still" in this.dataset),
      cooperativeGestures: !picks,
      locale: locale(label),
    });
    creditOn(this);
    tellOfGround(this, this.engine, under);
    this.labels = new Labels(maplibre, this.engine);
    this.engine.touchZoomRotate.disableRotation();
    if (!("still" in this.dataset)) this.engine.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-left");
    this.engine.once("style.load", () => void this.fill(maplibre));
    if (picks) this.startPicking();
    const every = Number(this.dataset["refresh"] ?? 0);
    if (every) this.timer = window.setInterval(() => void this.fill(maplibre), every * 1000);
  }

  private async fill(maplibre: Library): Promise<void> {
    const url = this.dataset["shapes"];
    if (!url || !this.engine) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.draw(maplibre, shapesOnMap((await answer.json()) as Shapes));
    } catch {
      this.sayPlainly(words("broken"));
    }
  }

  private draw(maplibre: Library, shapes: Shapes): void {
    const engine = this.engine;
    if (!engine) return;
    const first = !("drawn" in this.dataset);
    const source = engine.getSource("shapes") as { setData(data: unknown): unknown } | undefined;
    source?.setData(shapes);
    for (const mark of this.marks) mark.remove();
    this.marks = shapes.features.filter(isDot).map((each) => this.mark(maplibre, engine, each));
    this.labels?.write(shapes.features.filter((each) => !each.properties.paint && !isDot(each)));
    const box = boxOf(shapes.features);
    if (first && box && !this.dataset["lon"]) engine.fitBounds(box, { padding: 24, animate: false });
    if (first && "into" in this.dataset) offerBuildings(this, engine, shapes.features);
    else if (first) this.follow(engine);
    this.dataset["drawn"] = "";
  }

  /** A point with a colour is a shape with its state. */
  private mark(maplibre: Library, engine: Engine, feature: Feature): Marker {
    const { label, colour } = feature.properties;
    const element = document.createElement("a");
    element.innerHTML = `<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">${DOTS[colour ?? ""] ?? ""}</svg>`;
    element.setAttribute("aria-label", label ?? "");
    const link = linkOf(feature.properties, this.dataset["linkTemplate"] ?? "");
    if (link) element.setAttribute("href", link);
    else element.setAttribute("role", "img");
    if (label) element.title = label;
    return new maplibre.Marker({ element }).setLngLat(labelAt(feature) ?? [0, 0]).addTo(engine);
  }

  private follow(engine: Engine): void {
    engine.on("click", LINKED_LAYER, (event) => {
      const properties = event.features?.[0]?.properties as Properties | undefined;
      const link = properties && linkOf(properties, this.dataset["linkTemplate"] ?? "");
      if (link) location.assign(link);
    });
    engine.on("mouseenter", LINKED_LAYER, () => (engine.getCanvas().style.cursor = "pointer"));
    engine.on("mouseleave", LINKED_LAYER, () => (engine.getCanvas().style.cursor = ""));
  }

  private startPicking(): void {
    const pin = document.createElement("div");
    pin.className = "pin";
    pin.innerHTML = PIN;
    const here = document.createElement("button");
    here.type = "button";
    here.className = "btn--icon loc";
    here.setAttribute("aria-label", words("here"));
    here.innerHTML = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="3"/><path d="M12 1.5V5M12 19v3.5M1.5 12H5M19 12h3.5"/></svg>';
    here.addEventListener("click", () => this.goHere());
    this.append(pin, here);
    this.engine?.on("moveend", (event) => this.onMoved(Boolean((event as { originalEvent?: Event }).originalEvent)));
  }

  private onMoved(byHand: boolean): void {
    const centre = this.engine?.getCenter();
    if (!centre || ("into" in this.dataset && !byHand)) return;
    if (this.travelling) this.travelling = undefined;
    else this.pick(centre.lng, centre.lat, datum());
  }

  /** The phone's own position is WGS-84, and is used this once only. */
  private goHere(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.travelling = "WGS-84";
        this.pick(coords.longitude, coords.latitude, "WGS-84");
        this.engine?.jumpTo({ center: toMap([coords.longitude, coords.latitude]), zoom: 17 });
      },
      () => this.sayPlainly(words("nowhere")),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  }

  private pick(lon: number, lat: number, datum: DatumName): void {
    if ("into" in this.dataset) return fillPoint(this, [lon, lat], datum);
    this.input("lon").value = lon.toFixed(DIGITS);
    this.input("lat").value = lat.toFixed(DIGITS);
    this.input("datum").value = datum;
    this.dispatchEvent(new CustomEvent("changed", { bubbles: true, detail: { lon, lat, datum } }));
  }

  private input(name: string): HTMLInputElement {
    const scope: ParentNode = this.closest("form") ?? this;
    const found = scope.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (found) return found;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name });
    this.append(input);
    return input;
  }
}

function isDot(feature: Feature): boolean {
  return feature.geometry?.type === "Point" && Boolean(feature.properties.colour);
}

customElements.define("silin-map", SilinMap);
