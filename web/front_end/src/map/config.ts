// What the server tells one map: where its tiles are, what may be picked, and every word it says.
import type { FeatureCollection } from "geojson";

/** What a map lets a person choose; it is written into a field of the page's form. */
export type Pick = "roads" | "area" | "point" | "line";

/** The settings of one map, as the macro `county_map` writes them. */
export interface MapConfig {
  /** West, south, east, north of the county. */
  readonly bounds: readonly [number, number, number, number];
  /** Where a map without features of its own looks at first; null for the whole county. */
  readonly view: readonly [number, number, number, number] | null;
  /** Address of the tiles of what stands, with {z}, {x} and {y}. */
  readonly base: string;
  /** Address of the tiles of what changes, with {key} for the state they show. */
  readonly moment: string;
  /** The state that the page was written in. */
  readonly key: string;
  /** Address that tells the newest state. */
  readonly state: string;
  /** Address that finds roads and tells their lines. */
  readonly roads: string;
  /** Address of the library's worker script. */
  readonly worker: string;
  readonly pick: Pick | null;
  readonly field: string;
  /** Whether the address of the page tells where the map looks, to be sent to somebody. */
  readonly remembers: boolean;
  /** Whether township names are written at the middle of the townships: no place names them. */
  readonly namesTownships: boolean;
  /** The character in the badge of each kind of place. */
  readonly badges: Readonly<Record<string, string>>;
  /** The library's own words. */
  readonly locale: Record<string, string>;
  readonly words: Readonly<Record<string, string>>;
}

/** Return the settings of a map. */
export function configOf(figure: HTMLElement): MapConfig {
  return JSON.parse(figure.dataset["countyMap"] ?? "{}") as MapConfig;
}

/** Return what the page itself puts on the map. */
export function featuresOf(figure: HTMLElement): FeatureCollection {
  const text = figure.querySelector("script.county-map-features")?.textContent ?? "";
  const found = text.trim() ? (JSON.parse(text) as FeatureCollection | null) : null;
  return found ?? { type: "FeatureCollection", features: [] };
}

/** Return a word of the map with its `{name}` places filled. */
export function say(config: MapConfig, key: string, facts: Readonly<Record<string, string | number>> = {}): string {
  const text = config.words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}
