// Read the code of a pass from a picture: by the browser's own detector where it has one, else by zxing.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorKind {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

// Its own file beside this script, never one from elsewhere.
const OWN_WASM = new URL(wasm, import.meta.url).href;

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

/** Return the text of the code in a picture, "" where there is none. */
export async function decode(picture: ImageData | Blob): Promise<string> {
  const own = await detector;
  if (own && picture instanceof ImageData) {
    const [seen] = await own.detect(picture).catch(() => []);
    if (seen?.rawValue) return seen.rawValue;
  }
  const [found] = await readBarcodes(picture, OPTIONS);
  return found?.text ?? "";
}
