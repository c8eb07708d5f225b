// The map's signs, drawn in the page's colours: badges of places, marks of closures. No picture is fetched.
import type { Map, StyleImageMetadata } from "maplibre-gl";
import { FONT, type Tokens } from "./tokens.ts";

const RATIO = 2;
type Draw = (pen: CanvasRenderingContext2D, size: number) => void;

function picture(size: number, draw: Draw): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(RATIO, RATIO);
  draw(pen, size);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function disc(pen: CanvasRenderingContext2D, size: number, fill: string, rim: string, rimWidth = 1.5): void {
  pen.beginPath();
  pen.arc(size / 2, size / 2, size / 2 - rimWidth, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = rimWidth;
  pen.strokeStyle = rim;
  pen.stroke();
}

function box(pen: CanvasRenderingContext2D, size: number, fill: string, rim: string): void {
  const edge = 1.5;
  const [low, wide, round] = [edge, size - 2 * edge, 4];
  pen.beginPath();
  pen.moveTo(low + round, low);
  pen.arcTo(low + wide, low, low + wide, low + wide, round);
  pen.arcTo(low + wide, low + wide, low, low + wide, round);
  pen.arcTo(low, low + wide, low, low, round);
  pen.arcTo(low, low, low + wide, low, round);
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = edge;
  pen.strokeStyle = rim;
  pen.stroke();
}

function lines(pen: CanvasRenderingContext2D, colour: string, width: number, ...paths: number[][]): void {
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.lineCap = "round";
  for (const [x, y, ...rest] of paths) {
    pen.beginPath();
    pen.moveTo(x ?? 0, y ?? 0);
    for (let at = 0; at < rest.length; at += 2) pen.lineTo(rest[at] ?? 0, rest[at + 1] ?? 0);
    pen.stroke();
  }
}

function letter(pen: CanvasRenderingContext2D, size: number, text: string, colour: string): void {
  pen.font = `600 ${size * (text.length > 1 ? 0.42 : 0.56)}px ${FONT.map((name) => `"${name}"`).join(",")}, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = colour;
  pen.fillText(text, size / 2, size / 2 + 0.5);
}

function diamond(pen: CanvasRenderingContext2D, size: number, fill: string, rim: string): void {
  const middle = size / 2;
  pen.beginPath();
  pen.moveTo(middle, 1);
  pen.lineTo(size - 1, middle);
  pen.lineTo(middle, size - 1);
  pen.lineTo(1, middle);
  pen.closePath();
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = rim;
  pen.stroke();
}

/** Marks of closures: each state has a shape of its own, so that no colour is needed to tell them apart. */
function marks(tokens: Tokens): Record<string, [number, Draw]> {
  const halo = tokens.halo;
  return {
    "mark-approved": [22, (pen, size) => {
      disc(pen, size, tokens.approved, halo);
      lines(pen, tokens["approved-inner"], 3.2, [6.5, size / 2, size - 6.5, size / 2]);
    }],
    "mark-unapproved": [26, (pen, size) => {
      diamond(pen, size, tokens.unapproved, halo);
      letter(pen, size, "?", halo);
    }],
    "mark-blocked": [22, (pen, size) => {
      box(pen, size, tokens.blocked, halo);
      lines(pen, halo, 2.6, [7, 7, size - 7, size - 7], [size - 7, 7, 7, size - 7]);
    }],
    "mark-planned": [20, (pen, size) => {
      disc(pen, size, halo, tokens.planned, 2);
      lines(pen, tokens.planned, 2, [size / 2, 5.5, size / 2, size / 2, size - 6.5, size / 2]);
    }],
    "mark-requested": [20, (pen, size) => {
      disc(pen, size, halo, tokens.planned, 2);
      lines(pen, tokens.planned, 2, [6, size / 2, 6.2, size / 2], [10, size / 2, 10.2, size / 2], [14, size / 2, 14.2, size / 2]);
    }],
  };
}

function signs(tokens: Tokens): Record<string, [number, Draw]> {
  return {
    dot: [8, (pen, size) => disc(pen, size, tokens["soft-text"], tokens.halo, 1)],
    seat: [12, (pen, size) => disc(pen, size, tokens.halo, tokens.text, 2.2)],
    stop: [22, (pen, size) => disc(pen, size, tokens.route, tokens["route-rim"], 2.5)],
    you: [26, (pen, size) => {
      disc(pen, size, tokens.halo, tokens.you, 1.5);
      pen.beginPath();
      pen.arc(size / 2, size / 2, 7, 0, 2 * Math.PI);
      pen.fillStyle = tokens.you;
      pen.fill();
    }],
    finding: [26, (pen, size) => disc(pen, size, tokens.unapproved, tokens.halo)],
  };
}

function arrow(colour: string, width: number): Draw {
  return (pen, size) => {
    const [middle, tip] = [size / 2, size - 3];
    lines(pen, colour, width, [3, middle, tip, middle], [tip - 4, middle - 3.5, tip, middle, tip - 4, middle + 3.5]);
  };
}

/** Give a map all its signs, or new colours for them. */
export function addIcons(map: Map, tokens: Tokens, badges: Readonly<Record<string, string>>): void {
  const all: Record<string, [number, Draw]> = { ...marks(tokens), ...signs(tokens) };
  for (const [kind, text] of Object.entries(badges)) {
    all[`place-${kind}`] = [20, (pen, size) => {
      box(pen, size, tokens.place, tokens.halo);
      letter(pen, size, text, tokens["place-text"]);
    }];
  }
  for (const [name, [size, draw]] of Object.entries(all)) put(map, name, picture(size, draw));
  putShields(map, tokens);
  put(map, "arrow", picture(14, arrow(tokens["soft-text"], 1.6)));
  put(map, "route-arrow", picture(14, arrow(tokens["route-rim"], 2)));
}

/** Frames for road numbers; their middle stretches with the number. */
function putShields(map: Map, tokens: Tokens): void {
  const [size, edge] = [16, 5];
  const inner: [number, number] = [edge * RATIO, (size - edge) * RATIO];
  const [low, high] = [2 * RATIO, (size - 2) * RATIO];
  for (const name of ["expressway", "national", "provincial"] as const) {
    const image = picture(size, (pen) => box(pen, size, tokens.halo, tokens[name]));
    put(map, `shield-${name}`, image, { stretchX: [inner], stretchY: [inner], content: [low, low, high, high] });
  }
}

function put(map: Map, name: string, image: ImageData | null, more: Partial<StyleImageMetadata> = {}): void {
  if (!image) return;
  if (map.hasImage(name)) map.removeImage(name);
  map.addImage(name, image, { pixelRatio: RATIO, ...more });
}
