// Read the code of a pass from a picture: by the browser's own detector where it has one, else by zxing, else as worn.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import type { GreyPicture } from "../worn/grid.ts";
import { readWorn } from "../worn/read.ts";
import { choose, type Sight } from "./choosing.ts";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 4 };

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorKind {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

// Its own file beside this script, never one from elsewhere.
export const OWN_WASM = new URL(wasm, import.meta.url).href;

async function ownDetector(): Promise<Detector | undefined> {
  const kind = (globalThis as { BarcodeDetector?: DetectorKind }).BarcodeDetector;
  const formats = (await kind?.getSupportedFormats().catch(() => [])) ?? [];
  return kind && formats.includes("qr_code") ? new kind({ formats: ["qr_code"] }) : undefined;
}

let detector: Promise<Detector | undefined> | undefined;

/** Fetch and compile the reader before it is needed. */
export function prepareDecoder(): void {
  const locateFile = (path: string, folder: string): string => (path.endsWith(".wasm") ? OWN_WASM : folder + path);
  void prepareZXingModule({ overrides: { locateFile }, fireImmediately: true }).catch(() => undefined);
  detector ??= ownDetector();
}

/** A worn code is looked for when the quick ways have found none for so long: it takes a phone half a second. */
const WORN_EVERY_MS = 1_500;
/** What only we write: an address that ends in digits. */
const OURS = /^https?:\/\/[^ ]+\/[0-9]+$/i;
const LONGEST_SIDE = 1280;

let lastFound = 0;

function greyOf({ data, width, height }: ImageData): GreyPicture {
  const grey = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = (data[4 * at]! * 77 + data[4 * at + 1]! * 150 + data[4 * at + 2]! * 29) >> 8;
  return { width, height, grey };
}

function wornIn(picture: ImageData): Sight {
  const text = readWorn(greyOf(picture));
  return choose(OURS.test(text) ? [text] : []);
}

async function pictureOf(photo: Blob): Promise<ImageData | undefined> {
  const drawn = await createImageBitmap(photo, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(drawn.width * scale), Math.round(drawn.height * scale)];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  return pen?.getImageData(0, 0, canvas.width, canvas.height);
}

function isSomething({ text, several }: Sight): boolean {
  return text !== "" || several;
}

async function quickly(picture: ImageData | Blob): Promise<Sight> {
  const own = await detector;
  if (own && picture instanceof ImageData) {
    const seen = choose((await own.detect(picture).catch(() => [])).map((one) => one.rawValue));
    if (isSomething(seen)) return seen;
  }
  return choose((await readBarcodes(picture, OPTIONS)).map((one) => one.text));
}

/** Return what a photo shows. */
export async function decodePhoto(photo: Blob): Promise<Sight> {
  const seen = await quickly(photo);
  if (isSomething(seen)) return seen;
  const picture = await pictureOf(photo);
  return picture ? wornIn(picture) : seen;
}

/** Return what a frame of the camera shows. */
export async function decodeFrame(picture: ImageData, isFirst: boolean): Promise<Sight> {
  if (isFirst) lastFound = performance.now();
  const seen = await quickly(picture);
  if (isSomething(seen) || performance.now() - lastFound < WORN_EVERY_MS) return seen;
  const worn = wornIn(picture);
  lastFound = performance.now();
  return worn;
}
