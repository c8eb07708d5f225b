// Open every map of a page: the county's tiles in the page's colours, the page's own features, picking and drawing.
import {
  Map, NavigationControl, ScaleControl, setWorkerUrl, type MapOptions, type StyleSpecification, type VectorTileSource,
} from "maplibre-gl";
import { configOf, featuresOf, say, type MapConfig } from "./config.ts";
import { boxOf, lookAt, OWN, ownLines, ownPoints, ready, ROOM, type Box } from "./features.ts";
import { addIcons } from "./icons.ts";
import { pickedLayers, RoadPicker } from "./picking.ts";
import { MOMENT, momentOf, styleOf } from "./style.ts";
import { tellTaps } from "./tapping.ts";
import { onSchemeChange, readTokens, type Tokens } from "./tokens.ts";

const ASK_AFTER_MS = 60_000;
/** So often a map that has everything is asked whether it stands still, until it does. */
const STILL_AFTER_MS = 500;
const FARTHEST_ZOOM = 5;
const CLOSEST_ZOOM = 18;
/** With this begin the names of the drawing library's sources and layers. */
const DRAWING_PREFIX = "td-";
/** How far beyond the county the map can be moved, in degrees; a large county gives as much as it is wide. */
const LEAST_ROOM = 0.5;
type Field = HTMLTextAreaElement | HTMLInputElement;

/** Open the maps. */
export function openMaps(figures: Iterable<HTMLElement>): void {
  for (const figure of figures) new CountyMap(figure).open();
}

/** One map of the page. */
class CountyMap {
  private readonly config: MapConfig;
  private readonly own;
  private readonly picker: RoadPicker | null;
  private readonly field: Field | null;
  private readonly figure: HTMLElement;
  private key: string;

  constructor(figure: HTMLElement) {
    this.figure = figure;
    this.config = configOf(figure);
    this.key = this.config.key;
    this.own = ready(featuresOf(figure), this.config.badges);
    this.field = this.config.pick ? fieldOf(figure, this.config.field) : null;
    this.picker = this.config.pick === "roads" && this.field ? new RoadPicker(figure, this.config, this.field) : null;
  }

  open(): void {
    setWorkerUrl(this.config.worker);
    const canvas = this.figure.querySelector<HTMLElement>(".county-map-canvas");
    if (!canvas) return;
    // First: the library asks how large the map is when it is made.
    this.figure.classList.add("is-open");
    try {
      this.furnish(new Map(this.options(canvas)));
    } catch {
      // No WebGL here: the list beside the map says the same, and fields can be typed into.
      this.figure.classList.remove("is-open");
    }
  }

  private options(container: HTMLElement): MapOptions {
    const [west, south, east, north] = this.config.bounds;
    // The county's own map begins with the whole county, whatever is drawn on it.
    const framed = this.config.remembers ? null : boxOf(this.own.features);
    const box: Box = framed ?? [...(this.config.view ?? this.config.bounds)];
    const room = Math.max(east - west, north - south, LEAST_ROOM);
    return {
      container,
      style: this.style(),
      bounds: [[box[0], box[1]], [box[2], box[3]]],
      fitBoundsOptions: { padding: framed ? ROOM : 24, maxZoom: 14.5 },
      maxBounds: [[west - room, south - room], [east + room, north + room]],
      hash: this.config.remembers,
      minZoom: FARTHEST_ZOOM,
      maxZoom: CLOSEST_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      // On a phone one finger scrolls the page, two move the map.
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      fadeDuration: 0,
      locale: this.config.locale,
      canvasContextAttributes: { preserveDrawingBuffer: false },
    };
  }

  private style(): StyleSpecification {
    const tokens = readTokens(this.figure);
    const picked = this.picker ? pickedLayers(tokens) : [];
    const style = styleOf(this.config, tokens, this.key, [...ownLines(tokens), ...picked]);
    style.sources[OWN] = { type: "geojson", data: this.own };
    if (this.picker) style.sources[RoadPicker.source] = { type: "geojson", data: this.picker.features() };
    style.layers.push(...ownPoints(tokens));
    return style;
  }

  private furnish(map: Map): void {
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ maxWidth: 110, unit: "metric" }), "bottom-left");
    const canvas = map.getCanvas();
    canvas.setAttribute("aria-label", say(this.config, "label"));
    addIcons(map, this.tokens(), this.config.badges);
    onSchemeChange(() => {
      map.setStyle(this.style(), { transformStyle: withDrawing });
      addIcons(map, this.tokens(), this.config.badges);
    });
    this.listen(map);
    (this.figure as HTMLElement & { countyMap?: Map }).countyMap = map;
    this.figure.dispatchEvent(new CustomEvent("county-map", { detail: map, bubbles: true }));
  }

  private listen(map: Map): void {
    if (this.picker) this.picker.attach(map);
    else if (this.config.pick === null) tellTaps(map, this.config);
    else void this.offerDrawing(map);
    this.focusRows(map);
    this.offerSwitch(map);
    setInterval(() => void this.refresh(map), ASK_AFTER_MS);
    // A page that has just changed something need not wait for the next minute.
    this.figure.addEventListener("county-map-refresh", () => void this.refresh(map));
    // It says so where it draws: what came last, after the last drawing, is said by drawing once more.
    const asking = setInterval(() => map.loaded() && map.triggerRepaint(), STILL_AFTER_MS);
    map.once("idle", () => {
      clearInterval(asking);
      this.figure.classList.add("is-ready");
    });
  }

  private async offerDrawing(map: Map): Promise<void> {
    if (!this.field) return;
    const { offerDrawing } = await import("./drawing.ts");
    const { field, config, figure } = this;
    const begin = (): void => offerDrawing(map, figure, config, field, this.tokens());
    if (map.isStyleLoaded()) begin();
    else map.once("load", begin);
  }

  private tokens(): Tokens {
    return readTokens(this.figure);
  }

  /** Let every `data-map-focus` of the page ("west,south,east,north" or "lon,lat") move this map there. */
  private focusRows(map: Map): void {
    const selector = `[data-map-focus][data-map="${this.figure.id}"]`;
    for (const row of document.querySelectorAll<HTMLElement>(selector)) {
      row.hidden = false;
      row.addEventListener("click", () => {
        const numbers = (row.dataset["mapFocus"] ?? "").split(",").map(Number);
        const [west, south, east = west, north = south] = numbers;
        if (west === undefined || south === undefined || east === undefined || north === undefined) return;
        lookAt(map, [west, south, east, north], { moves: true });
        this.figure.scrollIntoView({ block: "nearest" });
      });
    }
  }

  /** Let the page's `data-map-switch` take the page's own features off this map, and put them back. */
  private offerSwitch(map: Map): void {
    const row = document.querySelector<HTMLElement>(`[data-map-switch="${this.figure.id}"]`);
    const box = row?.querySelector("input");
    if (!row || !box) return;
    row.hidden = false;
    const turn = (): void => {
      for (const layer of map.getStyle().layers) {
        if ("source" in layer && layer.source === OWN) {
          map.setLayoutProperty(layer.id, "visibility", box.checked ? "visible" : "none");
        }
      }
    };
    box.addEventListener("change", turn);
    // In other colours the map is drawn anew, with everything.
    map.on("style.load", turn);
  }

  /** Ask whether closures have changed, and draw the new ones. */
  private async refresh(map: Map): Promise<void> {
    if (document.hidden) return;
    const answer = await fetch(this.config.state, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { key } = (await answer.json()) as { key: string };
    if (key === this.key) return;
    this.key = key;
    map.getSource<VectorTileSource>(MOMENT)?.setTiles([new URL(momentOf(this.config, key), location.origin).href]);
    for (const note of document.querySelectorAll<HTMLElement>(".county-map-changed")) note.hidden = false;
  }
}

/** Keep what the drawing library has put on the map when the colours change. */
function withDrawing(before: StyleSpecification | undefined, after: StyleSpecification): StyleSpecification {
  const isOfDrawing = (id: string): boolean => id.startsWith(DRAWING_PREFIX);
  const sources = Object.entries(before?.sources ?? {}).filter(([id]) => isOfDrawing(id));
  const layers = (before?.layers ?? []).filter((layer) => isOfDrawing(layer.id));
  return { ...after, sources: { ...after.sources, ...Object.fromEntries(sources) }, layers: [...after.layers, ...layers] };
}

/** Return the form field that a choice is written into: of the map's own form, else of the page. */
function fieldOf(figure: HTMLElement, name: string): Field | null {
  const near = figure.closest("form") ?? document;
  const selector = `textarea[name="${CSS.escape(name)}"], input[name="${CSS.escape(name)}"]`;
  return near.querySelector<Field>(selector) ?? document.querySelector<Field>(selector);
}
