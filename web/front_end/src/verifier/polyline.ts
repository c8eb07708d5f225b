// Read a line of positions from a short text, as strictly as passes.tokens.polyline writes it: four decimals, longitude first.

export type Point = readonly [number, number];

const STEPS = 10_000;
const OFFSET = 63;
const MORE = 0x20;
const MOST_GROUPS = 5;
const MOST_LON = 180 * STEPS;
const MOST_LAT = 90 * STEPS;

function readNumbers(text: string): number[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let groups = 0;
  for (let place = 0; place < text.length; place += 1) {
    const bits = text.charCodeAt(place) - OFFSET;
    if (bits < 0 || bits >= 2 * MORE || groups === MOST_GROUPS) return undefined;
    value |= (bits & 0x1f) << (5 * groups);
    groups += 1;
    if (bits < MORE) {
      numbers.push(value & 1 ? ~(value >> 1) : value >> 1);
      value = 0;
      groups = 0;
    }
  }
  return groups ? undefined : numbers;
}

/** Read an encoded line: [longitude, latitude] degrees; undefined where it is none. */
export function decodeLine(text: string): Point[] | undefined {
  const numbers = readNumbers(text);
  if (numbers === undefined || numbers.length % 2) return undefined;
  const points: Point[] = [];
  let lon = 0;
  let lat = 0;
  for (let place = 0; place < numbers.length; place += 2) {
    lon += numbers[place]!;
    lat += numbers[place + 1]!;
    if (Math.abs(lon) > MOST_LON || Math.abs(lat) > MOST_LAT) return undefined;
    points.push([lon / STEPS, lat / STEPS]);
  }
  return points;
}
