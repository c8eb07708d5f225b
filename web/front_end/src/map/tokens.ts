// The map's colours and font: custom properties of the page's style sheet, so that light and dark are said in one place.

/** Colours by name, such as `land` for `--map-land`. */
export type Tokens = Readonly<Record<Name, string>>;

const NAMES = [
  "land", "rim", "text", "halo", "soft-text", "expressway", "expressway-rim", "national", "provincial", "county", "county-far", "county-far",
  "township", "village", "street", "track", "road-rim", "town-line", "area", "area-line", "approved", "approved-inner",
  "unapproved", "blocked", "planned", "route", "route-rim", "picked", "place", "place-text", "you", "drawn", "channel",
] as const;
type Name = (typeof NAMES)[number];

/** The font of every label: what the machine has, as no font comes from a server. */
export const FONT = ["system-ui", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

/** Read the colours that hold for an element now. */
export function readTokens(element: Element): Tokens {
  const style = getComputedStyle(element);
  const pairs = NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim() || "#808080"] as const);
  return Object.fromEntries(pairs) as unknown as Tokens;
}

/** Call back whenever light turns to dark or back. */
export function onSchemeChange(change: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
}
