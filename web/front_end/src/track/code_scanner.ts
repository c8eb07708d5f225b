// Scan a code with the phone's camera.
import { Camera } from "../post/camera.ts";
import { prepareDecoder } from "../post/decoder.ts";

/** Offer the camera beside the field for the code; typing it stays possible. */
export function offerScanning(root: HTMLElement, found: (text: string) => void): void {
  const [scan, box, end] = ["[data-scan]", "[data-camera]", "[data-scan-end]"].map((one) => root.querySelector<HTMLElement>(one));
  const video = root.querySelector("video");
  const told = root.querySelector<HTMLElement>("[data-scan-told]");
  if (!scan || !box || !end || !video || !navigator.mediaDevices) return;
  const camera = new Camera(box, video);
  scan.hidden = false;
  scan.addEventListener("click", () => {
    prepareDecoder();
    camera
      .look((text) => {
        camera.close();
        found(text);
      })
      .catch(() => {
        camera.close();
        if (told) told.textContent = root.dataset["refused"] ?? "";
      });
  });
  end.addEventListener("click", () => camera.close());
}
