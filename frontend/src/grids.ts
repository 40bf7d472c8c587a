/** `<silin-grids>`: the grids of a community on a map, to be drawn anew. The form beside it says the same as text and
 *  works alone; here its corners are drawn, and it is sent without leaving the page.
 *
 *  data-shapes  address of the grids, corner for corner, with the `version` that was seen
 *  data-form    id of the form: verb, grid, other, corners, version */
import type { GeoJSONSource, Map as Engine } from "maplibre-gl";
import { fromMap, shapesOnMap, toMap, underlay, type Underlay } from "./base";
import { creditOn, fetchLibrary, locale, tellOfGround, words, type Library } from "./engine";
import { Handles } from "./handles";
import { Labels } from "./labels";
import { LINKED_LAYER, style, token } from "./map-style";
import { boxOf, type Feature, type Position, type Shapes } from "./shapes";
import { cornersIn, ringOf, Sketch, snapped } from "./sketch";
import { say } from "./words";

const NEAR = 12; // pixels within which a corner jumps onto a neighbour's
const EMPTY = { type: "FeatureCollection" as const, features: [] };

function said(key: string, parts: Record<string, string | number> = {}): string {
  return say(key, parts, "grids-words");
}

class SilinGrids extends HTMLElement {
  private engine!: Engine;
  private maplibre!: Library;
  private features: Feature[] = [];
  private sketch = new Sketch();
  private handles!: Handles;
  private labels!: Labels;
  private form!: HTMLFormElement;
  private tools = new Map<string, HTMLButtonElement>();
  private hint = document.createElement("p");

  connectedCallback(): void {
    const form = document.getElementById(this.dataset["form"] ?? "");
    if (!(form instanceof HTMLFormElement) || this.form) return;
    this.form = form;
    form.addEventListener("submit", (event) => void this.send(event));
    form.addEventListener("change", (event) => this.onChange(event));
    this.field("corners").addEventListener("input", () => this.readText());
    this.showFields();
    void this.show();
  }

  private field(name: string): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  private get verb(): string {
    return this.field("verb").value;
  }

  private get draws(): boolean {
    return ["draw", "redraw", "split"].includes(this.verb);
  }

  private async show(): Promise<void> {
    try {
      this.maplibre = await fetchLibrary();
      this.build(await underlay(this.maplibre));
    } catch {
      this.hint.textContent = words("broken");
      this.append(this.hint);
    }
  }

  private build(under: Underlay): void {
    this.addTools();
    const box = document.createElement("div");
    box.className = "map-canvas";
    this.append(box);
    this.engine = new this.maplibre.Map({
      container: box,
      style: style(under),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      doubleClickZoom: false,
      locale: locale(this.dataset["label"]),
    });
    this.engine.touchZoomRotate.disableRotation();
    this.engine.addControl(new this.maplibre.NavigationControl({ showCompass: false }), "bottom-left");
    creditOn(this);
    tellOfGround(this, this.engine, under);
    this.labels = new Labels(this.maplibre, this.engine);
    this.handles = new Handles(this.maplibre, this.engine, {
      move: (n, pixel, snap) => this.moveCorner(n, pixel, snap),
      remove: (n) => this.act(() => this.sketch.remove(n)),
      insert: (n, at) => this.act(() => this.sketch.insert(n, fromMap(at))),
      say: (key, n) => said(key, { n }),
    });
    this.engine.once("style.load", () => void this.start());
    this.engine.on("click", (event) => this.onMapClick([event.point.x, event.point.y]));
    this.engine.on("moveend", () => this.draw());
    this.aimByKeys(box);
  }

  /** With the keyboard on the map its middle is marked: arrows move the map under it, Enter is a click there. */
  private aimByKeys(box: HTMLElement): void {
    const canvas = this.engine.getCanvas();
    canvas.addEventListener("focus", () => box.classList.toggle("ge--aims", canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => box.classList.remove("ge--aims"));
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.onMapClick([box.clientWidth / 2, box.clientHeight / 2]);
    });
  }

  private addTools(): void {
    const bar = document.createElement("div");
    bar.className = "ge-tools";
    const deeds: [string, () => void][] = [
      ["undo", () => this.act(() => this.sketch.undo())],
      ["redo", () => this.act(() => this.sketch.redo())],
      ["clear", () => this.act(() => this.sketch.change([]))],
      ["before", () => this.handles.choose(-1)],
      ["after", () => this.handles.choose(1)],
      ["away", () => this.act(() => this.sketch.remove(this.handles.chosen))],
    ];
    for (const [key, deed] of deeds) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn--small";
      button.textContent = said(key);
      button.addEventListener("click", deed);
      this.tools.set(key, button);
      bar.append(button);
    }
    this.hint.className = "ge-hint";
    this.hint.setAttribute("role", "status");
    this.append(bar, this.hint);
  }

  private act(change: () => void): void {
    change();
    this.writeText();
    this.draw();
  }

  private async start(): Promise<void> {
    const engine = this.engine;
    engine.addSource("sketch", { type: "geojson", data: EMPTY });
    engine.addLayer({ id: "sketch", type: "fill", source: "sketch", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("accent"), "fill-opacity": 0.15 } });
    engine.addLayer({ id: "sketch-line", type: "line", source: "sketch", paint: { "line-color": token("accent"), "line-width": 2.5 } });
    for (const button of document.querySelectorAll<HTMLElement>("[data-look]")) this.offerLook(button);
    await this.load();
  }

  /** The grids as they are now; what was drawn or chosen before stays. */
  private async load(): Promise<void> {
    try {
      await this.fetchShapes();
    } catch {
      return this.complain(said("unread"), "", true);
    }
    if ("drawn" in this.dataset) return;
    const box = boxOf(this.features);
    if (box) this.engine.fitBounds(box, { padding: 32, animate: false });
    this.sketch.begin(cornersIn(this.field("corners").value) ?? []);
    this.pickFromForm();
    this.dataset["drawn"] = "";
  }

  private async fetchShapes(): Promise<void> {
    const answer = await fetch(this.dataset["shapes"] ?? "", { headers: { Accept: "application/json" } });
    const shapes = shapesOnMap((await answer.json()) as Shapes & { version: string });
    this.features = shapes.features;
    this.field("version").value = shapes.version;
    (this.engine.getSource("shapes") as GeoJSONSource | undefined)?.setData(shapes as never);
    this.labels.write(shapes.features);
    this.offerGrids();
  }

  /** The lists of the form offer the grids that there are now, after somebody else has changed them. */
  private offerGrids(): void {
    const grids = new Map(this.features.flatMap(({ properties }) => (properties.code ? [[properties.code, properties.label ?? ""]] : [])));
    for (const name of ["grid", "other"]) {
      const list = this.field(name) as HTMLSelectElement;
      const offered = [...list.querySelectorAll<HTMLOptionElement>(":scope > option")].filter((each) => each.value);
      for (const gone of offered.filter((each) => each.dataset["drawn"] && !grids.has(each.value))) gone.remove();
      for (const each of offered) if (grids.has(each.value)) each.dataset["drawn"] = "1";
      for (const [code, label] of grids) {
        if (offered.some((each) => each.value === code)) continue;
        const option = new Option(`${label} · ${code}`, code);
        option.dataset["drawn"] = "1";
        list.insertBefore(option, list.querySelector("optgroup"));
      }
    }
  }

  private offerLook(button: HTMLElement): void {
    const [lon = 0, lat = 0] = (button.dataset["look"] ?? "").split(",").map(Number);
    button.hidden = false;
    button.addEventListener("click", () => {
      this.engine.jumpTo({ center: toMap([lon, lat]), zoom: 17 });
      this.scrollIntoView({ block: "nearest" });
    });
  }

  private onChange(event: Event): void {
    const name = (event.target as HTMLInputElement).name;
    if (name === "verb") {
      this.showFields();
      this.sketch.begin([]);
      this.writeText();
    }
    if (name === "verb" || name === "grid" || name === "other") this.pickFromForm();
    this.forgetOutcome();
  }

  private showFields(): void {
    for (const each of this.form.querySelectorAll<HTMLElement>("[data-for]")) {
      each.hidden = !(each.dataset["for"] ?? "").split(" ").includes(this.verb);
    }
    for (const micros of this.form.querySelectorAll("optgroup")) micros.disabled = this.verb !== "move";
  }

  /** What the form says is chosen stands out on the map; a grid to be drawn anew brings its corners. */
  private pickFromForm(): void {
    if (!this.engine) return;
    const chosen = this.verb === "draw" ? [] : [this.field("grid").value, ...(this.verb === "merge" ? [this.field("other").value] : [])];
    const found = this.features.find((each) => each.properties.code === chosen[0]);
    if (this.verb === "redraw" && found && !this.field("corners").value.trim()) this.takeOver(found);
    if (this.engine.getLayer(LINKED_LAYER)) {
      this.engine.setPaintProperty(LINKED_LAYER, "fill-opacity", ["case", ["in", ["get", "code"], ["literal", chosen]], 0.4, 0.12]);
    }
    this.draw();
  }

  private takeOver(feature: Feature): void {
    const ring = ringOf(feature);
    if (ring) {
      this.sketch.begin(ring.map((each) => fromMap(each)));
      this.writeText();
    } else {
      this.field("corners").value = JSON.stringify(feature.geometry);
    }
  }

  private onMapClick(pixel: Position): void {
    const code = this.engine.queryRenderedFeatures(pixel, { layers: [LINKED_LAYER] }).find((each) => each.properties["code"])?.properties["code"] as string | undefined;
    if (this.verb === "move") return this.choose("grid", code);
    if (this.verb === "merge") return this.choose(this.field("grid").value && this.field("grid").value !== code ? "other" : "grid", code);
    if (this.verb !== "draw" && !this.field("grid").value) return this.choose("grid", code);
    if (this.verb === "redraw") return;
    const corner = this.onto(pixel);
    this.act(() => this.sketch.insert(this.sketch.corners.length, corner));
    this.forgetOutcome();
  }

  private choose(name: string, code: string | undefined): void {
    if (!code) return;
    this.field(name).value = code;
    this.pickFromForm();
    this.forgetOutcome();
  }

  /** The point under a pixel, moved onto a neighbour's corner or edge. */
  private onto(pixel: Position): Position {
    const rings = this.features.flatMap((each) => (each.properties.code === this.field("grid").value && this.verb === "redraw" ? [] : ringsOf(each)));
    const projected = rings.map((ring) => ring.map((corner): Position => [this.engine.project(corner).x, this.engine.project(corner).y]));
    const { lng, lat } = this.engine.unproject(snapped(pixel, projected, NEAR));
    return fromMap([lng, lat]);
  }

  private readText(): void {
    const corners = cornersIn(this.field("corners").value);
    this.sketch.change(corners ?? []);
    this.draw();
  }

  private writeText(): void {
    this.field("corners").value = this.sketch.text;
  }

  private draw(): void {
    if (!this.engine) return;
    const corners = this.draws ? this.sketch.corners.map((each) => toMap(each)) : [];
    const closed = this.verb !== "split" && corners.length > 2;
    const geometry = closed ? { type: "Polygon", coordinates: [[...corners, corners[0]]] } : { type: "LineString", coordinates: corners };
    const source = this.engine.getSource("sketch") as GeoJSONSource | undefined;
    source?.setData((corners.length > 1 ? { type: "Feature", properties: {}, geometry } : EMPTY) as never);
    this.handles.draw(corners, closed);
    this.tellState();
  }

  private moveCorner(n: number, pixel: Position, snap: boolean): void {
    const { lng, lat } = this.engine.unproject(pixel);
    const corner = snap ? this.onto(pixel) : fromMap([lng, lat]);
    this.act(() => this.sketch.put(n, corner));
    this.forgetOutcome();
  }

  private tellState(): void {
    const none = !this.draws || !this.sketch.corners.length;
    const off = { undo: !this.sketch.canUndo, redo: !this.sketch.canRedo, clear: none, before: none, after: none, away: none || this.handles.chosen < 0 };
    for (const [key, is] of Object.entries(off)) this.tools.get(key)!.disabled = is;
    const needsGrid = this.verb !== "draw" && !this.field("grid").value;
    const key = this.verb === "move" ? "none" : this.verb === "merge" ? "both" : needsGrid ? "pick" : this.verb === "redraw" ? "drag" : "add";
    if (this.hint.textContent !== said(key)) this.hint.textContent = said(key);
  }

  private forgetOutcome(): void {
    this.form.querySelector("[data-outcome]")?.replaceChildren();
  }

  private async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const data = new FormData(this.form);
    if ((event.submitter as HTMLButtonElement | null)?.name === "show") data.set("show", "1");
    this.complain("");
    this.form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      this.take(answer.status, (await answer.json()) as Answer);
    } catch {
      this.complain(said("lost"));
    }
    this.form.removeAttribute("aria-busy");
  }

  private take(status: number, answer: Answer): void {
    const outcome = this.form.querySelector("[data-outcome]");
    if (answer.next) return location.assign(answer.next);
    if (answer.html && outcome) outcome.innerHTML = answer.html;
    if (answer.error) this.complain(answer.error.message, answer.error.field, status === 409);
  }

  /** What is wrong, above the form, with the way to the field that can mend it. */
  private complain(message: string, field = "", again = false): void {
    const place = this.form.querySelector<HTMLElement>("[data-errors]");
    for (const each of this.form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    if (!message) return place?.replaceChildren();
    const box = document.createElement("div");
    box.className = "errsum";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    const input = field ? document.getElementById(`grids-${field}`) : null;
    input?.setAttribute("aria-invalid", "true");
    const line = input ? Object.assign(document.createElement("a"), { href: `#grids-${field}` }) : document.createElement("p");
    line.textContent = message;
    box.append(line);
    if (again) box.append(this.reload());
    place?.replaceChildren(box);
    box.focus();
  }

  private reload(): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.textContent = said("again");
    button.addEventListener("click", () => {
      this.complain("");
      void this.load();
    });
    return button;
  }
}

interface Answer {
  next?: string;
  html?: string;
  error?: { message: string; field: string };
}

function ringsOf(feature: Feature): Position[][] {
  const geometry = feature.geometry;
  if (geometry?.type === "Polygon") return geometry.coordinates;
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

customElements.define("silin-grids", SilinGrids);
