// Draw the corridor of a pass with "you are here" and its end; north is up.
import type { Point } from "../verifier/polyline.ts";

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 720;
const MARGIN = 40;
const LEAST_DEGREES = 0.02;

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Return the picture. */
export function drawCorridor(corridor: readonly Point[], here: Point): SVGElement {
  const squeeze = Math.cos((here[1] * Math.PI) / 180);
  const all = [...corridor, here];
  const [west, south] = [Math.min(...all.map((one) => one[0])), Math.min(...all.map((one) => one[1]))];
  const wide = Math.max(LEAST_DEGREES, (Math.max(...all.map((one) => one[0])) - west) * squeeze);
  const high = Math.max(LEAST_DEGREES, Math.max(...all.map((one) => one[1])) - south);
  const scale = (WIDTH - 2 * MARGIN) / Math.max(wide, high);
  const [width, height] = [wide * scale + 2 * MARGIN, high * scale + 2 * MARGIN];
  const at = ([lon, lat]: Point): [number, number] => [
    Math.round((lon - west) * squeeze * scale + MARGIN),
    Math.round(height - (lat - south) * scale - MARGIN),
  ];
  const picture = shape("svg", { viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`, "aria-hidden": "true" });
  const line = corridor.map((point) => at(point).join(",")).join(" ");
  picture.append(shape("polyline", { points: line, class: "corridor" }));
  const [goalX, goalY] = at(corridor[corridor.length - 1]!);
  const [hereX, hereY] = at(here);
  picture.append(shape("circle", { cx: goalX, cy: goalY, r: 12, class: "goal" }));
  picture.append(shape("circle", { cx: hereX, cy: hereY, r: 16, class: "here" }));
  return picture;
}
