// What a page itself puts on the map: a route, findings in order, areas, posts, "you are here"; and looking at it.
import type { Feature, FeatureCollection, Position } from "geojson";
import type { LayerSpecification, LngLatBoundsLike, Map } from "maplibre-gl";
import { closureLines } from "./style.ts";
import { FONT, type Tokens } from "./tokens.ts";

export const OWN = "own";
/** Layers of the page's own features that can be tapped. */
export const OWN_TAPPABLE = ["own-marks", "own-points", "own-lines", "own-areas"];
const CLOSURE_KINDS = ["closure", "blockage"];
const INTERRUPTED = "channel_interrupted";
const CHANNELS = ["channel", INTERRUPTED];

/** Pixels left free around what is looked at: the legend, the buttons and the scale lie there. */
export const ROOM = { top: 60, right: 64, bottom: 48, left: 36 };

/** West, south, east, north. */
export type Box = [number, number, number, number];

/** Return the smallest box round some features; null where they have no position. */
export function boxOf(features: readonly Feature[]): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of features) eachPosition(feature.geometry, (position) => widen(box, position));
  return box[0] <= box[2] ? box : null;
}

function widen(box: Box, [lon, lat]: Position): void {
  if (lon === undefined || lat === undefined) return;
  box[0] = Math.min(box[0], lon);
  box[1] = Math.min(box[1], lat);
  box[2] = Math.max(box[2], lon);
  box[3] = Math.max(box[3], lat);
}

function eachPosition(geometry: Feature["geometry"] | null, visit: (position: Position) => void): void {
  if (!geometry) return;
  if (geometry.type === "GeometryCollection") {
    for (const one of geometry.geometries) eachPosition(one, visit);
    return;
  }
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") visit(part as Position);
    else part.forEach(walk);
  };
  walk(geometry.coordinates);
}

/** Say for each feature what its sign is called and give closures without a state the one they are drawn with. */
export function ready(collection: FeatureCollection, badges: Readonly<Record<string, string>>): FeatureCollection {
  const features = collection.features.map((feature, index) => {
    const known = feature.properties ?? {};
    const kind = String(known["kind"] ?? "place");
    const state = stateOf(kind, known["state"]);
    return { ...feature, id: index, properties: { ...known, kind, state, sign: signOf(kind, state, badges) } };
  });
  return { type: "FeatureCollection", features };
}

function stateOf(kind: string, state: unknown): string {
  if (typeof state === "string" && state) return state === "partly_approved" ? "approved" : state;
  return kind === "blockage" ? "blocked" : kind === "closure" ? "requested" : "";
}

function signOf(kind: string, state: string, badges: Readonly<Record<string, string>>): string {
  if (CLOSURE_KINDS.includes(kind)) return `mark-${state}`;
  if (kind === "you" || kind === "finding") return kind;
  if (kind === "township") return "seat";
  return kind in badges ? `place-${kind}` : kind === "station" ? "place-transfer_station" : "stop";
}

/** Return the layers that draw the page's own areas and lines. */
export function ownLines(tokens: Tokens): LayerSpecification[] {
  return [...areaLayers(tokens), ...lineLayers(tokens)];
}

function areaLayers(tokens: Tokens): LayerSpecification[] {
  const filter = ["==", ["geometry-type"], "Polygon"] as never;
  return [
    { id: "own-areas", type: "fill", source: OWN, filter, paint: { "fill-color": tokens.drawn, "fill-opacity": 0.14 } },
    { id: "own-area-lines", type: "line", source: OWN, filter, paint: { "line-color": tokens.drawn, "line-width": 2 } },
  ];
}

/** Roads that must stay open are red, chains as blockages are, channels green, all else as routes are. */
function ownColour(tokens: Tokens): never {
  const own = ["critical", tokens.unapproved, "old_route", tokens.unapproved, "chain", tokens.blocked, "track", tokens.you];
  const kinds = [...own, CHANNELS, tokens.channel];
  return ["match", ["get", "kind"], ...kinds, tokens.route] as never;
}

function lineLayers(tokens: Tokens): LayerSpecification[] {
  const isLine = ["==", ["geometry-type"], "LineString"];
  const isClosure = ["in", ["get", "kind"], ["literal", CLOSURE_KINDS]];
  const filter = ["all", isLine, ["!", isClosure]] as never;
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const width = (more: number) => ["interpolate", ["linear"], ["zoom"], 8, 3 + more, 12, 5 + more, 16, 9 + more] as never;
  return [
    {
      id: "own-line-rims", type: "line", source: OWN, filter, layout,
      paint: { "line-color": tokens["route-rim"], "line-width": width(4) },
    },
    { id: "own-lines", type: "line", source: OWN, filter, layout, paint: { "line-color": ownColour(tokens), "line-width": width(0) } },
    {
      id: "own-gaps", type: "line", source: OWN, filter: ["all", isLine, ["==", ["get", "kind"], INTERRUPTED]] as never,
      paint: { "line-color": tokens.unapproved, "line-width": width(0), "line-dasharray": [0.8, 2] },
    },
    {
      id: "own-arrows", type: "symbol", source: OWN, filter: ["all", isLine, ["==", ["get", "kind"], "route"]] as never,
      layout: { "symbol-placement": "line", "symbol-spacing": 110, "icon-image": "route-arrow", "icon-ignore-placement": true },
    },
    ...closureLines(tokens, "own-closure", { source: OWN }, ["all", isLine, isClosure] as never),
  ];
}

/** Return the layers that draw the page's own points, above everything. */
export function ownPoints(tokens: Tokens): LayerSpecification[] {
  const isPoint = ["==", ["geometry-type"], "Point"] as never;
  return [
    {
      id: "own-points", type: "symbol", source: OWN, filter: isPoint,
      layout: {
        "icon-image": ["get", "sign"], "icon-allow-overlap": true, "text-font": FONT, "text-size": 12.5,
        "text-field": ["case", ["==", ["get", "kind"], "finding"], "", ["coalesce", ["get", "name"], ""]],
        "text-anchor": "top", "text-offset": [0, 1], "text-optional": true,
        "symbol-sort-key": ["match", ["get", "kind"], "you", 3, "finding", 2, 1],
      },
      paint: { "text-color": tokens.text, "text-halo-color": tokens.halo, "text-halo-width": 1.6 },
    },
    {
      id: "own-marks", type: "symbol", source: OWN,
      filter: ["all", isPoint, ["has", "order"]] as never,
      layout: {
        "text-font": FONT, "text-field": ["to-string", ["get", "order"]], "text-size": 12, "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": tokens.halo },
    },
  ];
}

/** Look at a box, with room around it; a single point is not looked at from too near. */
export function lookAt(map: Map, box: Box, { moves }: { readonly moves: boolean }): void {
  const bounds: LngLatBoundsLike = [[box[0], box[1]], [box[2], box[3]]];
  map.fitBounds(bounds, { padding: ROOM, maxZoom: 14.5, ...(moves ? {} : { animate: false }) });
}
