// Read the code of a pass from the camera or from a photo; what is read is sent as if it had been pasted.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

const OPTIONS: ReaderOptions = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
const WIDEST = 1280;

// Its own file beside this script, never one from elsewhere.
const OWN_WASM = new URL(wasm, import.meta.url).href;

function prepare(): void {
  const locateFile = (path: string, folder: string): string => (path.endsWith(".wasm") ? OWN_WASM : folder + path);
  prepareZXingModule({ overrides: { locateFile } });
}

async function read(source: ImageData | Blob): Promise<string> {
  const [found] = await readBarcodes(source, OPTIONS);
  return found?.text ?? "";
}

class Camera {
  private readonly box: HTMLElement;
  private readonly video: HTMLVideoElement;
  private stream: MediaStream | undefined;

  constructor(box: HTMLElement, video: HTMLVideoElement) {
    this.box = box;
    this.video = video;
  }

  async start(found: (text: string) => void): Promise<void> {
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: WIDEST } },
    });
    this.video.srcObject = this.stream;
    this.box.hidden = false;
    await this.video.play();
    const canvas = document.createElement("canvas");
    while (this.stream) {
      const text = await this.look(canvas);
      if (text) {
        this.stop();
        found(text);
      }
      await new Promise((done) => requestAnimationFrame(done));
    }
  }

  stop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.box.hidden = true;
  }

  private async look(canvas: HTMLCanvasElement): Promise<string> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return "";
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) return "";
    pen.drawImage(this.video, 0, 0);
    return read(pen.getImageData(0, 0, width, height));
  }
}

export function offerScanning(root: ParentNode): void {
  const button = root.querySelector<HTMLButtonElement>("button[data-scan]");
  const form = root.querySelector<HTMLFormElement>("form[data-code-form]");
  const told = root.querySelector<HTMLElement>("[data-scan-told]");
  const box = root.querySelector<HTMLElement>("[data-scanner]");
  const video = box?.querySelector("video");
  const photo = root.querySelector<HTMLElement>("[data-scan-photo]");
  const file = photo?.querySelector("input");
  const field = form?.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  if (!button || !form || !told || !box || !video || !photo || !file || !field) return;
  prepare();
  const send = (text: string): void => {
    field.value = text;
    form.requestSubmit();
  };
  const camera = new Camera(box, video);
  if ("mediaDevices" in navigator) {
    button.hidden = false;
    button.addEventListener("click", () => {
      told.textContent = "";
      camera.start(send).catch(() => {
        camera.stop();
        told.textContent = told.dataset["refused"] ?? "";
      });
    });
    box.querySelector("[data-scan-end]")?.addEventListener("click", () => camera.stop());
  }
  photo.hidden = false;
  file.addEventListener("change", async () => {
    const sent = file.files?.[0];
    if (!sent) return;
    told.textContent = "";
    const text = await read(sent).catch(() => "");
    file.value = "";
    if (text) send(text);
    else told.textContent = told.dataset["none"] ?? "";
  });
}
