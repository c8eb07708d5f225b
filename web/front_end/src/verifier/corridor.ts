// How far a position lies from a corridor, in metres: the same plane and the same sphere as routing.corridor_distance.
import type { Point } from "./polyline.ts";

const METRES_PER_DEGREE = (6_371_008.8 * Math.PI) / 180;

function distanceToPiece(start: Point, end: Point): number {
  const [run, rise] = [end[0] - start[0], end[1] - start[1]];
  const square = run * run + rise * rise;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, -(start[0] * run + start[1] * rise) / square));
  return Math.hypot(start[0] + share * run, start[1] + share * rise);
}

/** Return the distance from a position to the nearest piece of a corridor's line. */
export function distanceToCorridor(corridor: readonly Point[], [lon, lat]: Point): number {
  const scale = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  const plane = corridor.map((point): Point => [(point[0] - lon) * scale, (point[1] - lat) * METRES_PER_DEGREE]);
  let nearest = Math.hypot(...plane[0]!);
  for (let place = 1; place < plane.length; place += 1) {
    nearest = Math.min(nearest, distanceToPiece(plane[place - 1]!, plane[place]!));
  }
  return nearest;
}
