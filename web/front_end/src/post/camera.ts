// The camera as scanner: it stays open between vehicles, so that the second one does not wait for it.
import { NOTHING, type Sight } from "./choosing.ts";
import { decodeFrame } from "./decoder.ts";

const WIDEST = 1280;
/** Who has looked so long for a code is told what else to do. */
const HINT_AFTER_MS = 4_000;
/** Two passes at once are told for so long after they were last seen together. */
const SEVERAL_TOLD_MS = 2_000;

/** What is said below the picture while nothing is found. */
class Hint {
  private readonly element: HTMLElement | null;
  private readonly text: string;
  private readonly since = performance.now();
  private severalAt = -Infinity;

  constructor(element: HTMLElement | null) {
    this.element = element;
    this.text = (element && (element.dataset["text"] ??= element.textContent ?? "")) ?? "";
  }

  tell(isSeveral: boolean): void {
    if (!this.element) return;
    const now = performance.now();
    if (isSeveral) this.severalAt = now;
    const told = now - this.severalAt < SEVERAL_TOLD_MS ? (this.element.dataset["several"] ?? this.text) : this.text;
    if (this.element.textContent !== told) this.element.textContent = told;
    this.element.hidden = told === this.text && now - this.since < HINT_AFTER_MS;
  }
}

export class Camera {
  private readonly box: HTMLElement;
  private readonly video: HTMLVideoElement;
  private readonly canvas = document.createElement("canvas");
  private stream: MediaStream | undefined;
  private isLooking = false;

  constructor(box: HTMLElement, video: HTMLVideoElement) {
    this.box = box;
    this.video = video;
  }

  get isOpen(): boolean {
    return this.stream !== undefined;
  }

  /** Look until a code is found that `takes` does not take for itself; the camera is opened where it is not yet. */
  async look(found: (text: string) => void, takes: (text: string) => boolean = () => false): Promise<void> {
    this.stream ??= await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: WIDEST } },
    });
    if (this.video.srcObject !== this.stream) this.video.srcObject = this.stream;
    this.box.hidden = false;
    await this.video.play();
    if (this.isLooking) return;
    this.isLooking = true;
    performance.clearMarks("first-frame");
    const hint = new Hint(this.box.querySelector<HTMLElement>("[data-scan-hint]"));
    while (this.isLooking && this.stream) {
      const { text, several } = await this.read();
      if (text && this.isLooking && !takes(text)) {
        this.rest();
        found(text);
      }
      hint.tell(several);
      await new Promise((done) => requestAnimationFrame(done));
    }
  }

  /** Stop looking and hide, but keep the camera. */
  rest(): void {
    this.isLooking = false;
    this.box.hidden = true;
  }

  close(): void {
    this.rest();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
  }

  private async read(): Promise<Sight> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return NOTHING;
    const isFirst = !performance.getEntriesByName("first-frame").length;
    if (isFirst) performance.mark("first-frame");
    this.canvas.width = width;
    this.canvas.height = height;
    const pen = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) return NOTHING;
    pen.drawImage(this.video, 0, 0);
    return decodeFrame(pen.getImageData(0, 0, width, height), isFirst);
  }
}
