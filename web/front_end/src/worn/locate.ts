// Find where a code lies by its texture alone, where dirt covers the marks that a reader looks for.
import type { Corners, GreyPicture, Spot } from "./grid.ts";

/** Pictures are looked at about so wide. */
const WIDE = 400;
/** The edge of a module is at least such a share of what lies between the picture's black and white. */
const EDGE = 0.3;
const LEAST_CONTRAST = 40;
const REACH = 4;
const DENSE = 0.25;
const LEAST_EDGES = 400;
/** More do not make the rectangle better. */
const MOST_EDGES = 3_000;
const MOST_GREYS = 5_000;
/** Dirt beside the code makes a few edges of its own. */
const OUTSIDE = 0.004;
const ANGLES = 90;

interface Edges {
  readonly width: number;
  readonly height: number;
  readonly isEdge: Uint8Array;
  readonly step: number;
}

/** Return what lies between the picture's black and white: the twentieth from either end. */
function contrastOf(grey: Uint8Array): number {
  const every = Math.ceil(grey.length / MOST_GREYS);
  const some = grey.filter((_, at) => at % every === 0).sort();
  const outside = Math.floor(some.length / 20);
  return (some[some.length - 1 - outside] ?? 0) - (some[outside] ?? 0);
}

function edgesOf({ width, height, grey }: GreyPicture): Edges {
  const least = EDGE * Math.max(LEAST_CONTRAST, contrastOf(grey));
  const step = Math.max(1, Math.round(Math.min(width, height) / WIDE));
  const [across, down] = [Math.floor(width / step) - 1, Math.floor(height / step) - 1];
  const isEdge = new Uint8Array(across * down);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      const at = y * step * width + x * step;
      const change = Math.abs(grey[at]! - grey[at + step]!) + Math.abs(grey[at]! - grey[at + step * width]!);
      isEdge[y * across + x] = change > least ? 1 : 0;
    }
  }
  return { width: across, height: down, isEdge, step };
}

/** Return for each place the share of edges around it. */
function densityOf({ width, height, isEdge }: Edges): Float32Array {
  const sums = new Float32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += isEdge[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return Float32Array.from(isEdge, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const [left, right] = [Math.max(0, x - REACH), Math.min(width, x + REACH + 1)];
    const [top, below] = [Math.max(0, y - REACH) * (width + 1), Math.min(height, y + REACH + 1) * (width + 1)];
    return (sums[below + right]! - sums[below + left]! - sums[top + right]! + sums[top + left]!) / (2 * REACH + 1) ** 2;
  });
}

/** Return the edges of the largest dense piece. */
function largest(edges: Edges): Spot[] {
  const { width, height, isEdge, step } = edges;
  const density = densityOf(edges);
  const isSeen = new Uint8Array(density.length);
  let best: number[] = [];
  for (let start = 0; start < density.length; start += 1) {
    if (isSeen[start] || density[start]! < DENSE) continue;
    const piece = [start];
    isSeen[start] = 1;
    for (const at of piece) {
      const x = at % width;
      const near = [x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at, at >= width ? at - width : at, at < width * (height - 1) ? at + width : at];
      for (const next of near) {
        if (isSeen[next] || density[next]! < DENSE) continue;
        isSeen[next] = 1;
        piece.push(next);
      }
    }
    if (piece.length > best.length) best = piece;
  }
  const found = best.filter((at) => isEdge[at]);
  const every = Math.ceil(found.length / MOST_EDGES);
  return found.filter((_, place) => place % every === 0).map((at): Spot => [((at % width) + 1) * step, (Math.floor(at / width) + 1) * step]);
}

function span(values: Float32Array): readonly [number, number] {
  values.sort();
  const outside = Math.floor(values.length * OUTSIDE);
  return [values[outside]!, values[values.length - 1 - outside]!];
}

/** Return the corners of the smallest rectangle around what looks like a code, undefined where nothing does. */
export function locate(picture: GreyPicture): Corners | undefined {
  const spots = largest(edgesOf(picture));
  if (spots.length < LEAST_EDGES) return undefined;
  let best: { area: number; corners: Corners } | undefined;
  for (let degrees = 0; degrees < ANGLES; degrees += 1) {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [left, right] = span(Float32Array.from(spots, ([x, y]) => x * cos + y * sin));
    const [top, below] = span(Float32Array.from(spots, ([x, y]) => y * cos - x * sin));
    const area = (right - left) * (below - top);
    if (best && area >= best.area) continue;
    const at = (across: number, down: number): Spot => [across * cos - down * sin, across * sin + down * cos];
    best = { area, corners: [at(left, top), at(right, top), at(right, below), at(left, below)] };
  }
  return best?.corners;
}

/** Where dirt lies around the code too, what is found is as much too large: no margin, half of it, or all of it. */
const MARGINS = [0, 0.025, 0.05];

function inset(corners: Corners, margin: number): Corners {
  const [middleX, middleY] = [0, 1].map((axis) => corners.reduce((sum, one) => sum + one[axis]!, 0) / 4) as [number, number];
  const shrink = 1 - 2 * margin;
  return corners.map(([x, y]): Spot => [middleX + (x - middleX) * shrink, middleY + (y - middleY) * shrink]) as unknown as Corners;
}

/** Return what corners may lie there: each as the first in turn, with and without a margin. */
export function startsOf(found: Corners): readonly Corners[] {
  return MARGINS.flatMap((margin): Corners[] => {
    const [one, two, three, four] = inset(found, margin);
    return [[one, two, three, four], [two, three, four, one], [three, four, one, two], [four, one, two, three]];
  });
}
