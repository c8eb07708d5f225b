// The map's style: roads by class, townships and areas, places, closures and blockages, in the page's colours.
import type {
  ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification,
} from "maplibre-gl";
import type { MapConfig } from "./config.ts";
import { FONT, type Tokens } from "./tokens.ts";

/** Names of the sources. */
export const BASE = "base";
export const MOMENT = "moment";
/** The layers whose features a person can tap to learn what they are. */
export const TAPPABLE = ["closure-marks", "closure-lines", "places", "villages"];
/** Zoom from which each road is a feature of its own; `PICKABLE_FROM` of geodata.tiles.road_tiles. */
export const PICKABLE_FROM = 12;
const FINEST = 14;

/** Width in pixels at zooms 8, 12, 14 and 17, and the zoom from which a class is drawn. */
interface Road {
  readonly name: "expressway" | "national" | "provincial" | "county" | "township" | "village" | "street" | "track";
  readonly from: number;
  readonly widths: readonly [number, number, number, number];
  readonly rim: number;
}

/** The lower classes first: the higher lie on top. */
const ROADS: readonly Road[] = [
  { name: "track", from: 12.5, widths: [0.2, 0.5, 0.9, 3], rim: 0 },
  { name: "village", from: 10, widths: [0.2, 0.8, 1.5, 6], rim: 0 },
  { name: "street", from: 11, widths: [0.2, 1, 2.2, 9], rim: 0 },
  { name: "township", from: 9, widths: [0.5, 1.5, 2.6, 9], rim: 0 },
  { name: "county", from: 7, widths: [0.8, 2.2, 3.6, 11], rim: 1 },
  { name: "provincial", from: 5, widths: [1.2, 3, 4.6, 13], rim: 1 },
  { name: "national", from: 5, widths: [1.5, 3.5, 5.2, 14], rim: 1 },
  { name: "expressway", from: 5, widths: [1.6, 3.4, 5, 14], rim: 1.2 },
];

function byZoom(widths: readonly [number, number, number, number], more = 0): ExpressionSpecification {
  const [far, middle, near, closest] = widths.map((width) => width + more) as [number, number, number, number];
  return ["interpolate", ["exponential", 1.4], ["zoom"], 8, far, 12, middle, 14, near, 17, closest];
}

function isState(...states: string[]): FilterSpecification {
  return ["in", ["get", "state"], ["literal", states]];
}

/** County roads are white between rims where there is room for those, and a plain line from afar. */
function roadColour(road: Road, tokens: Tokens): string | ExpressionSpecification {
  if (road.name !== "county") return tokens[road.name];
  return ["interpolate", ["linear"], ["zoom"], 10.4, tokens["county-far"], 11.2, tokens.county];
}

function roadLayers(tokens: Tokens): LayerSpecification[] {
  const rims = ROADS.filter((road) => road.rim > 0).map((road): LayerSpecification => ({
    id: `rim-${road.name}`,
    type: "line",
    source: BASE,
    "source-layer": "roads",
    minzoom: road.name === "county" ? 10.8 : Math.max(road.from, 10),
    filter: ["==", ["get", "class"], road.name],
    layout: { "line-cap": "butt", "line-join": "round" },
    paint: {
      "line-color": road.name === "expressway" ? tokens["expressway-rim"] : tokens["road-rim"],
      "line-width": byZoom(road.widths, 2 * road.rim),
    },
  }));
  const fills = ROADS.map((road): LayerSpecification => ({
    id: `road-${road.name}`,
    type: "line",
    source: BASE,
    "source-layer": "roads",
    minzoom: road.from,
    filter: ["==", ["get", "class"], road.name],
    layout: road.rim > 0 ? { "line-cap": "round", "line-join": "round" } : {},
    paint: {
      "line-color": roadColour(road, tokens),
      "line-width": byZoom(road.widths),
      "line-opacity": ["interpolate", ["linear"], ["zoom"], road.from, road.from < 9 ? 1 : 0.35, road.from + 1.2, 1],
      ...(road.name === "track" ? { "line-dasharray": [3, 2] } : {}),
    },
  }));
  return [...fills.slice(0, 4), ...rims, ...fills.slice(4), wayLayer()];
}

/** Arrows along roads that may be driven in one direction only. */
function wayLayer(): LayerSpecification {
  return {
    id: "ways",
    type: "symbol",
    source: BASE,
    "source-layer": "roads",
    minzoom: 14.5,
    filter: ["has", "way"],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 90,
      "icon-image": "arrow",
      "icon-rotate": ["case", ["==", ["get", "way"], -1], 180, 0],
      "icon-rotation-alignment": "map",
      "icon-allow-overlap": false,
    },
  };
}

function groundLayers(tokens: Tokens): LayerSpecification[] {
  return [
    { id: "land", type: "background", paint: { "background-color": tokens.land } },
    {
      id: "areas",
      type: "fill",
      source: MOMENT,
      "source-layer": "areas",
      paint: { "fill-color": tokens.area, "fill-opacity": 0.16 },
    },
    {
      id: "town-lines",
      type: "line",
      source: BASE,
      "source-layer": "townships",
      paint: { "line-color": tokens["town-line"], "line-width": 1, "line-dasharray": [4, 3] },
    },
  ];
}

function areaLine(tokens: Tokens): LayerSpecification {
  return {
    id: "area-lines",
    type: "line",
    source: MOMENT,
    "source-layer": "areas",
    paint: { "line-color": tokens["area-line"], "line-width": 2, "line-dasharray": [2, 1] },
  };
}

const CLOSURE_WIDTHS = [3.5, 5, 6.5, 11] as const;

/** Return the lines of closures and blockages of a source: a colour and a pattern for each state. */
export function closureLines(
  tokens: Tokens, prefix: string, from: { source: string; "source-layer"?: string }, only?: FilterSpecification,
): LayerSpecification[] {
  const line = (id: string, states: string[], paint: Record<string, unknown>): LayerSpecification => ({
    id: `${prefix}-${id}`,
    type: "line",
    ...from,
    filter: (only ? ["all", only, isState(...states)] : isState(...states)) as FilterSpecification,
    layout: { "line-join": "round" },
    paint,
  });
  const loud = ["approved", "unapproved", "blocked"];
  return [
    line("rim", loud, { "line-color": tokens.halo, "line-width": byZoom(CLOSURE_WIDTHS, 3) }),
    line("planned", ["planned", "requested"], {
      "line-color": tokens.planned, "line-width": byZoom(CLOSURE_WIDTHS, -1.5), "line-dasharray": [1.2, 0.8],
    }),
    line("lines", loud, {
      "line-color": [
        "match", ["get", "state"], "unapproved", tokens.unapproved, "blocked", tokens.blocked, tokens.approved,
      ],
      "line-width": byZoom(CLOSURE_WIDTHS),
    }),
    line("inner", ["approved"], {
      "line-color": tokens["approved-inner"], "line-width": byZoom([1, 1.6, 2.2, 4]), "line-dasharray": [2.5, 2],
    }),
    line("teeth", ["blocked"], {
      "line-color": tokens.halo, "line-width": byZoom(CLOSURE_WIDTHS), "line-dasharray": [0.25, 0.75],
    }),
  ];
}

function closureMarks(): LayerSpecification {
  return {
    id: "closure-marks",
    type: "symbol",
    source: MOMENT,
    "source-layer": "closure_marks",
    layout: {
      "icon-image": ["concat", "mark-", ["get", "state"]],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 12, 1],
      "symbol-sort-key": ["match", ["get", "state"], "unapproved", 4, "blocked", 3, "approved", 2, 1],
    },
  };
}

const MAIN = ["provincial", "national", "expressway"];

function nameLayers(tokens: Tokens, config: MapConfig): LayerSpecification[] {
  const paint = { "text-color": tokens["soft-text"], "text-halo-color": tokens.halo, "text-halo-width": 1.4 };
  const either = ["coalesce", ["get", "ref"], ["get", "name"]];
  const along = (id: string, classes: string[], text: unknown, minzoom: number, size: number): LayerSpecification => ({
    id,
    type: "symbol",
    source: BASE,
    "source-layer": "road_names",
    minzoom,
    filter: ["in", ["get", "class"], ["literal", classes]],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 260,
      "text-font": FONT,
      "text-field": text as never,
      "text-size": size,
      "text-max-angle": 35,
      "text-padding": 6,
    },
    paint,
  });
  return [
    along("names-small", ["village", "street", "track"], either, 14, 11),
    along("names-township", ["township"], either, 12, 11),
    along("names-county", ["county"], either, 10, 11.5),
    along("names-main", MAIN, ["get", "name"], 13, 12),
    numberShields(tokens),
    ...(config.namesTownships ? [townshipNames(paint)] : []),
    areaNames(tokens),
  ];
}

/** Numbers of main roads stand upright in a frame: a number along a steep road is hard to read. */
function numberShields(tokens: Tokens): LayerSpecification {
  return {
    id: "numbers",
    type: "symbol",
    source: BASE,
    "source-layer": "road_names",
    minzoom: 8,
    filter: ["all", ["in", ["get", "class"], ["literal", MAIN]], ["has", "ref"]],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 320,
      "text-rotation-alignment": "viewport",
      "icon-rotation-alignment": "viewport",
      "text-font": FONT,
      "text-field": ["get", "ref"],
      "text-size": 11,
      "icon-image": ["concat", "shield-", ["get", "class"]],
      "icon-text-fit": "both",
      "icon-text-fit-padding": [0, 3, 0, 3],
      "text-padding": 12,
    },
    paint: { "text-color": tokens.text },
  };
}

function townshipNames(paint: Record<string, unknown>): LayerSpecification {
  return {
    id: "township-names",
    type: "symbol",
    source: BASE,
    "source-layer": "townships_names",
    layout: { "text-font": FONT, "text-field": ["get", "name"], "text-size": 13 },
    paint,
  };
}

function areaNames(tokens: Tokens): LayerSpecification {
  return {
    id: "area-names",
    type: "symbol",
    source: MOMENT,
    "source-layer": "areas_names",
    layout: { "text-font": FONT, "text-field": ["get", "name"], "text-size": 13, "text-max-width": 8 },
    paint: { "text-color": tokens["area-line"], "text-halo-color": tokens.halo, "text-halo-width": 1.6 },
  };
}

const SMALL_KINDS = ["village", "township_seat"];

function placeLayers(tokens: Tokens, config: MapConfig): LayerSpecification[] {
  const kind = ["get", "kind"];
  const sign = ["case", ["in", kind, ["literal", Object.keys(config.badges)]], ["concat", "place-", kind], "place-post"];
  const paint = { "text-color": tokens.text, "text-halo-color": tokens.halo, "text-halo-width": 1.5 };
  const text = {
    "text-font": FONT, "text-field": ["get", "name"], "text-anchor": "top", "text-optional": true,
  } as const;
  return [
    {
      id: "villages",
      type: "symbol",
      source: BASE,
      "source-layer": "places",
      minzoom: 12,
      filter: ["==", ["get", "kind"], "village"],
      layout: { ...text, "icon-image": "dot", "text-size": 11.5, "text-offset": [0, 0.5] } as never,
      paint: { ...paint, "text-color": tokens["soft-text"] },
    },
    {
      id: "places",
      type: "symbol",
      source: BASE,
      "source-layer": "places",
      filter: ["!", ["in", ["get", "kind"], ["literal", SMALL_KINDS]]],
      layout: {
        ...text, "icon-image": sign, "text-size": 12, "text-offset": [0, 0.95],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.75, 12, 1],
        "text-field": ["step", ["zoom"], "", 11, ["get", "name"]],
      } as never,
      paint,
    },
    {
      id: "seats",
      type: "symbol",
      source: BASE,
      "source-layer": "places",
      filter: ["==", ["get", "kind"], "township_seat"],
      layout: {
        ...text, "icon-image": "seat", "text-size": ["interpolate", ["linear"], ["zoom"], 8, 11.5, 12, 15],
        "text-offset": [0, 0.5],
      } as never,
      paint,
    },
  ];
}

/** Return the whole style; a page's own `lines` lie over the roads and under every name. */
export function styleOf(
  config: MapConfig, tokens: Tokens, key: string, lines: readonly LayerSpecification[],
): StyleSpecification {
  const here = (path: string): string => new URL(path, location.origin).href.replace(/%7B/g, "{").replace(/%7D/g, "}");
  return {
    version: 8,
    sources: {
      [BASE]: { type: "vector", tiles: [here(config.base)], maxzoom: FINEST, bounds: [...config.bounds] },
      [MOMENT]: { type: "vector", tiles: [here(momentOf(config, key))], maxzoom: FINEST, bounds: [...config.bounds] },
    },
    layers: [
      ...groundLayers(tokens),
      ...roadLayers(tokens),
      areaLine(tokens),
      ...closureLines(tokens, "closure", { source: MOMENT, "source-layer": "closures" }),
      ...lines,
      ...nameLayers(tokens, config),
      ...placeLayers(tokens, config),
      closureMarks(),
    ],
  };
}

/** Return the address of the tiles of one state. */
export function momentOf(config: MapConfig, key: string): string {
  return config.moment.replace("{key}", encodeURIComponent(key));
}
