// Pick roads by tapping them or by finding them by number or name: the choice stands in a form field and in a list.
import type { Feature, FeatureCollection, LineString, MultiLineString } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map } from "maplibre-gl";
import { say, type MapConfig } from "./config.ts";
import { boxOf, lookAt } from "./features.ts";
import { featuresAt } from "./reach.ts";
import { PICKABLE_FROM } from "./style.ts";
import type { Tokens } from "./tokens.ts";

const PICKED = "picked";
const SEARCH_AFTER_MS = 250;

/** A road as the server tells it. */
export type Road = Feature<LineString | MultiLineString, {
  readonly id: string;
  /** What people call it, with where it runs from and to. */
  readonly label: string;
  readonly length_m: number;
}>;

/** Return the ids in a field: one a line, or with commas. */
export function idsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,,、;;]+/).filter((id) => id !== ""))];
}

/** Return the road of an entry: a part of one is written as its id, `@`, and metres from-to. */
export function roadOf(entry: string): string {
  return entry.replace(/@[\d.]+[-~][\d.]+$/, "");
}

/** Return the length of an entry: of the part that it names, else of the whole road. */
export function metresOf(entry: string, whole: number): number {
  const [from, to] = entry.slice(roadOf(entry).length + 1).split(/[-~]/).map(Number);
  return from === undefined || to === undefined ? whole : Math.min(Math.abs(to - from), whole);
}

/** Return a list of ids with one put in, or taken out, with any part of it, where it was in. */
export function toggled(ids: readonly string[], id: string): string[] {
  const road = roadOf(id);
  const rest = ids.filter((one) => roadOf(one) !== road);
  return rest.length < ids.length ? rest : [...ids, id];
}

/** Return the layers that show the roads picked. */
export function pickedLayers(tokens: Tokens): LayerSpecification[] {
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  return [
    { id: "picked-rims", type: "line", source: PICKED, layout, paint: { "line-color": tokens.halo, "line-width": 11 } },
    { id: "picked", type: "line", source: PICKED, layout, paint: { "line-color": tokens.picked, "line-width": 6 } },
  ];
}

/** The roads chosen for one form field, on the map, in the list and in the field at once. */
export class RoadPicker {
  private readonly known = new globalThis.Map<string, Road>();
  private readonly figure: HTMLElement;
  private readonly config: MapConfig;
  private readonly field: HTMLTextAreaElement | HTMLInputElement;
  private ids: string[];
  private map: Map | null = null;
  /** Done when the roads that the field held at first are known. */
  private readonly first: Promise<void>;

  constructor(figure: HTMLElement, config: MapConfig, field: HTMLTextAreaElement | HTMLInputElement) {
    this.figure = figure;
    this.config = config;
    this.field = field;
    this.ids = idsIn(field.value);
    field.addEventListener("change", () => void this.choose(idsIn(field.value)));
    this.offerSearch();
    this.first = this.choose(this.ids);
  }

  /** The source of the layers in `pickedLayers`. */
  static readonly source = PICKED;

  /** Let roads be tapped on a map. */
  attach(map: Map): void {
    this.map = map;
    map.on("click", (event) => {
      if (map.getZoom() < PICKABLE_FROM) {
        map.easeTo({ center: event.lngLat, zoom: PICKABLE_FROM + 0.5 });
        this.tell(say(this.config, "zoomed"));
        return;
      }
      const layers = map.getStyle().layers.map((layer) => layer.id).filter((id) => id.startsWith("road-"));
      const [road] = featuresAt(map, event, layers);
      if (road) void this.toggle(String(road.properties["id"]));
    });
    void this.first.then(() => {
      const box = boxOf(this.features().features);
      if (box) lookAt(map, box, { moves: false });
      this.draw();
    });
  }

  /** Return what the source holds. */
  features(): FeatureCollection {
    const features = this.ids.flatMap((id) => this.known.get(roadOf(id)) ?? []);
    return { type: "FeatureCollection", features };
  }

  private async toggle(id: string): Promise<void> {
    const isNew = !this.has(id);
    await this.choose(toggled(this.ids, id));
    const label = this.known.get(id)?.properties.label ?? id;
    this.tell(say(this.config, isNew ? "picked" : "unpicked", { road: label, count: this.ids.length }));
  }

  private async choose(ids: string[]): Promise<void> {
    this.ids = ids;
    this.field.value = ids.join("\n");
    const missing = ids.map(roadOf).filter((id) => !this.known.has(id));
    if (missing.length > 0) await this.learn(new URLSearchParams(missing.map((id) => ["id", id])));
    this.draw();
    this.list();
    void this.offerFilling();
  }

  private async learn(query: URLSearchParams): Promise<Road[]> {
    const answer = await fetch(`${this.config.roads}?${query.toString()}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const found = ((await answer.json()) as { features: Road[] }).features;
    for (const road of found) this.known.set(road.properties.id, road);
    return found;
  }

  private draw(): void {
    const source = this.map?.getSource<GeoJSONSource>(PICKED);
    void source?.setData(this.features());
  }

  private list(): void {
    const list = this.figure.querySelector(".county-map-picked");
    if (!list) return;
    list.replaceChildren(...this.ids.map((id) => this.row(id, say(this.config, "remove"), true)));
    const metres = this.ids.reduce((sum, id) => sum + metresOf(id, this.known.get(roadOf(id))?.properties.length_m ?? 0), 0);
    const total = this.figure.querySelector(".county-map-total");
    const facts = { count: this.ids.length, km: (metres / 1000).toFixed(2) };
    if (total) total.textContent = say(this.config, this.ids.length > 0 ? "total" : "none-picked", facts);
  }

  /** Offer the pieces between the last two picked, where they are of one number or name and not yet neighbours. */
  private async offerFilling(): Promise<void> {
    const button = this.figure.querySelector<HTMLButtonElement>(".county-map-fill");
    if (!button) return;
    const [one, other] = this.ids.slice(-2);
    const asked = this.ids;
    button.hidden = true;
    if (one === undefined || other === undefined) return;
    const found = await this.learn(new URLSearchParams([["between", roadOf(one)], ["between", roadOf(other)]]));
    if (this.ids !== asked) return;
    const missing = found.map((road) => road.properties.id).filter((id) => !this.has(id));
    button.hidden = missing.length === 0;
    button.onclick = () => {
      const filled = [...this.ids.slice(0, -1), ...missing, other];
      void this.choose(filled).then(() => this.tell(say(this.config, "filled", { count: missing.length })));
    };
  }

  private row(id: string, action: string, isPicked: boolean): HTMLLIElement {
    const row = document.createElement("li");
    const road = this.known.get(roadOf(id));
    const text = document.createElement("span");
    text.textContent = road ? `${road.properties.label}${id.slice(roadOf(id).length)}` : id;
    const act = button(action, () => void this.toggle(id).then(() => { if (!isPicked) act.textContent = this.actionOf(id); }));
    act.setAttribute("aria-label", `${action}: ${text.textContent}`);
    row.append(text, act);
    if (road) row.append(button(say(this.config, "show"), () => this.show(road)));
    return row;
  }

  private has(id: string): boolean {
    return this.ids.some((one) => roadOf(one) === roadOf(id));
  }

  private actionOf(id: string): string {
    return say(this.config, this.has(id) ? "remove" : "add");
  }

  private show(road: Road): void {
    const box = boxOf([road]);
    if (this.map && box) lookAt(this.map, box, { moves: true });
  }

  private offerSearch(): void {
    const input = this.figure.querySelector<HTMLInputElement>(".county-map-search input");
    if (!input) return;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.search(input.value), SEARCH_AFTER_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(waiting);
      void this.search(input.value);
    });
    // Somebody may have typed before this script was there.
    if (input.value.trim()) void this.search(input.value);
  }

  private async search(text: string): Promise<void> {
    const list = this.figure.querySelector(".county-map-found");
    if (!list) return;
    const found = text.trim() ? await this.learn(new URLSearchParams({ q: text.trim() })) : [];
    list.replaceChildren(...found.map((road) => this.row(road.properties.id, this.actionOf(road.properties.id), false)));
    this.tell(text.trim() ? say(this.config, "found", { count: found.length }) : "");
  }

  private tell(text: string): void {
    const said = this.figure.querySelector(".county-map-said");
    if (said) said.textContent = text;
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
