// Lay the grid of a QR over a picture: from four corners that are nearly right to the ones that fit its known modules best.
import type { KnownModules, Layout } from "./layout.ts";

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

export type Spot = readonly [number, number];
/** Upper left, upper right, lower right, lower left. */
export type Corners = readonly [Spot, Spot, Spot, Spot];
/** Eight numbers that lead from a point of the unit square to the picture. */
interface Sight {
  readonly right: Spot;
  readonly down: Spot;
  readonly start: Spot;
  readonly depth: Spot;
}

/** Return how the unit square is seen in a picture where its corners are given. */
function sightOf([[ax, ay], [bx, by], [cx, cy], [dx, dy]]: Corners): Sight {
  const [sumX, sumY] = [ax - bx + cx - dx, ay - by + cy - dy];
  const [rightX, rightY, downX, downY] = [bx - cx, by - cy, dx - cx, dy - cy];
  const area = rightX * downY - downX * rightY;
  const g = (sumX * downY - downX * sumY) / area;
  const h = (rightX * sumY - sumX * rightY) / area;
  return { right: [bx - ax + g * bx, by - ay + g * by], down: [dx - ax + h * dx, dy - ay + h * dy], start: [ax, ay], depth: [g, h] };
}

/** Return the grey of the picture where a point of the unit square lies. */
function greyAt({ width, height, grey }: GreyPicture, { right, down, start, depth }: Sight, u: number, v: number): number {
  const far = depth[0] * u + depth[1] * v + 1;
  const x = (right[0] * u + down[0] * v + start[0]) / far - 0.5;
  const y = (right[1] * u + down[1] * v + start[1]) / far - 0.5;
  const left = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const across = Math.max(0, Math.min(1, x - left));
  const below = Math.max(0, Math.min(1, y - top));
  const at = top * width + left;
  const upper = grey[at]! * (1 - across) + grey[at + 1]! * across;
  return upper * (1 - below) + (grey[at + width]! * (1 - across) + grey[at + width + 1]! * across) * below;
}

function meanAt(picture: GreyPicture, sight: Sight, side: number, module: number): number {
  const [row, column] = [Math.floor(module / side), module % side];
  let sum = 0;
  for (let down = 0; down < SAMPLES; down += 1) {
    for (let right = 0; right < SAMPLES; right += 1) {
      sum += greyAt(picture, sight, (column + (right + 0.5) / SAMPLES) / side, (row + (down + 0.5) / SAMPLES) / side);
    }
  }
  return sum / (SAMPLES * SAMPLES);
}

/** Return by how much the modules that should be light are lighter than those that should be dark. */
function fitOf(picture: GreyPicture, corners: Corners, side: number, { columns, rows, dark }: KnownModules): number {
  const sight = sightOf(corners);
  let [darkSum, lightSum, darks] = [0, 0, 0];
  for (let place = 0; place < dark.length; place += 1) {
    const grey = greyAt(picture, sight, columns[place]! / side, rows[place]! / side);
    if (dark[place]! > 0) {
      darkSum += grey;
      darks += 1;
    } else lightSum += grey;
  }
  return lightSum / (dark.length - darks) - darkSum / darks;
}

const FINE_STEPS = [1, 0.5, 0.25];
const COARSE_STEPS = [4, 2, 1];
const ROUNDS = 6;

const WAYS: readonly Spot[] = [[1, 0], [-1, 0], [0, 1], [0, -1]];
const STILL: Spot = [0, 0];
/** Steps of each corner: of all together, apart and together from the middle, and of each alone. */
const MOVES: readonly (readonly Spot[])[] = [
  ...WAYS.map((way) => [way, way, way, way]),
  ...[1, -1].flatMap((sign) => [
    [[-sign, 0], [sign, 0], [sign, 0], [-sign, 0]] as Spot[],
    [[0, -sign], [0, -sign], [0, sign], [0, sign]] as Spot[],
    [[-sign, -sign], [sign, -sign], [sign, sign], [-sign, sign]] as Spot[],
  ]),
  ...[0, 1, 2, 3].flatMap((place) => WAYS.map((way) => [0, 1, 2, 3].map((which) => (which === place ? way : STILL)))),
];

/** Corners, and how well the known modules fit there. */
export interface Laid {
  readonly corners: Corners;
  readonly fit: number;
}

function climb(picture: GreyPicture, start: Corners, steps: readonly number[], side: number, known: KnownModules): Laid {
  let [corners, fit] = [start, fitOf(picture, start, side, known)];
  for (const step of steps) {
    for (let round = 0, isBetter = true; isBetter && round < ROUNDS; round += 1) {
      isBetter = false;
      for (const move of MOVES) {
        const moved = corners.map(([x, y], place): Spot => [x + step * move[place]![0], y + step * move[place]![1]]) as unknown as Corners;
        const found = fitOf(picture, moved, side, known);
        if (found > fit) [corners, fit, isBetter] = [moved, found, true];
      }
    }
  }
  return { corners, fit };
}

/** Move each corner as long as the marks fit better. */
export function layMarks(picture: GreyPicture, start: Corners, { side, marks }: Layout): Laid {
  return climb(picture, start, COARSE_STEPS, side, marks);
}

/** Move each corner as long as everything that is known beforehand fits better. */
export function layGrid(picture: GreyPicture, start: Corners, { side, known }: Layout): Laid {
  return climb(picture, start, FINE_STEPS, side, known);
}

const SAMPLES = 4;
const NEIGHBOURS = 6;

/** Shares of a module's own and its neighbours' darkness in what is seen of it: beside, and across. */
interface Spread {
  readonly own: number;
  readonly beside: number;
  readonly across: number;
}

const BESIDE = [[0, 1], [0, -1], [1, 0], [-1, 0]] as const;
const ACROSS = [[1, 1], [1, -1], [-1, 1], [-1, -1]] as const;

/** Sum a module's neighbours, dark as 1 and light as -1; outside of the code all is light. */
function around(guess: Float32Array, side: number, module: number, near: readonly (readonly [number, number])[]): number {
  const [row, column] = [Math.floor(module / side), module % side];
  let sum = 0;
  for (const [down, right] of near) {
    const [y, x] = [row + down, column + right];
    sum += y < 0 || x < 0 || y >= side || x >= side ? -1 : guess[y * side + x]!;
  }
  return sum;
}

/** Return the spread that explains best what is seen, by least squares. */
function spreadOf(seen: Float32Array, guess: Float32Array, side: number): Spread {
  const [matrix, wanted] = [[[0, 0, 0], [0, 0, 0], [0, 0, 0]], [0, 0, 0]];
  for (let module = 0; module < seen.length; module += 1) {
    const parts = [guess[module]!, around(guess, side, module, BESIDE), around(guess, side, module, ACROSS)];
    for (let row = 0; row < 3; row += 1) {
      wanted[row]! += parts[row]! * seen[module]!;
      for (let column = 0; column < 3; column += 1) matrix[row]![column]! += parts[row]! * parts[column]!;
    }
  }
  const [own, beside, across] = solved(matrix, wanted);
  return { own: own!, beside: beside!, across: across! };
}

function determinant([a, b, c]: readonly (readonly number[])[]): number {
  return a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) - a![1]! * (b![0]! * c![2]! - b![2]! * c![0]!) + a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!);
}

function solved(matrix: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const whole = determinant(matrix);
  return wanted.map((_, at) => determinant(matrix.map((row, line) => row.map((one, column) => (column === at ? wanted[line]! : one)))) / whole);
}

const PASSES = 3;

/** Take away what the neighbours' blur has put on each module. */
export function sharpened(seen: Float32Array, side: number): Float32Array {
  let sharp = seen;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const guess = sharp.map((one) => (one > 0 ? 1 : -1));
    const { own, beside, across } = spreadOf(seen, guess, side);
    sharp = seen.map((one, module) => (one - beside * around(guess, side, module, BESIDE) - across * around(guess, side, module, ACROSS)) / own);
  }
  return sharp;
}

/** Return how dark each module is against its surroundings: from 1, surely dark, to -1, surely light. */
export function darkness(picture: GreyPicture, corners: Corners, side: number): Float32Array {
  const sight = sightOf(corners);
  const means = Float32Array.from({ length: side * side }, (_, module) => meanAt(picture, sight, side, module));
  const cells = Math.ceil(side / NEIGHBOURS);
  const levels = Array.from({ length: cells * cells }, (_, cell) => levelsAround(means, side, Math.floor(cell / cells), cell % cells));
  return means.map((mean, module) => {
    const [low, high] = levels[Math.floor(Math.floor(module / side) / NEIGHBOURS) * cells + Math.floor((module % side) / NEIGHBOURS)]!;
    return Math.max(-1, Math.min(1, (low + high - 2 * mean) / Math.max(1, high - low)));
  });
}

/** Return what is black and what is white around a cell: the tenth from either end. */
function levelsAround(means: Float32Array, side: number, cellRow: number, cellColumn: number): readonly [number, number] {
  const near: number[] = [];
  for (let row = Math.max(0, (cellRow - 1) * NEIGHBOURS); row < Math.min(side, (cellRow + 2) * NEIGHBOURS); row += 1) {
    for (let column = Math.max(0, (cellColumn - 1) * NEIGHBOURS); column < Math.min(side, (cellColumn + 2) * NEIGHBOURS); column += 1) {
      near.push(means[row * side + column]!);
    }
  }
  near.sort((one, other) => one - other);
  const tenth = Math.floor(near.length / 10);
  return [near[tenth]!, near[near.length - 1 - tenth]!];
}
