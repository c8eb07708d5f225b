// Shapes as the text of a form field: GeoJSON for an area or a line, "lon,lat" for a point.
import type { LineString, Point, Polygon } from "geojson";
import type { Pick } from "./config.ts";

export type Shape = Polygon | LineString | Point;
type Drawn = Exclude<Pick, "roads">;
const TYPES = { area: "Polygon", line: "LineString", point: "Point" } as const;
const DIGITS = 6;

function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded);
  return typeof value === "number" ? Number(value.toFixed(DIGITS)) : value;
}

/** Return a shape as its field holds it. */
export function textOf(shape: Shape, kind: Drawn): string {
  if (kind === "point" && shape.type === "Point") return (rounded(shape.coordinates) as number[]).slice(0, 2).join(",");
  return JSON.stringify({ type: shape.type, coordinates: rounded(shape.coordinates) });
}

/** Return the shape that a field holds; null where it holds none that can be drawn. */
export function geometryIn(text: string, kind: Drawn): Shape | null {
  if (kind === "point") return pointIn(text);
  try {
    const found = JSON.parse(text) as { type?: unknown; geometry?: unknown; coordinates?: unknown };
    const geometry = (found.type === "Feature" ? found.geometry : found) as Partial<Shape> | null;
    if (geometry?.type !== TYPES[kind] || !Array.isArray(geometry.coordinates)) return null;
    return { type: geometry.type, coordinates: rounded(geometry.coordinates) } as Shape;
  } catch {
    return null;
  }
}

function pointIn(text: string): Point | null {
  const numbers = text.split(/[,,\s]+/).filter((part) => part !== "").map(Number);
  const [lon, lat] = numbers;
  if (numbers.length !== 2 || lon === undefined || lat === undefined || !Number.isFinite(lon + lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { type: "Point", coordinates: [lon, lat] } : null;
}
