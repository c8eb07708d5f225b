// The driver's trip where scripts run: recording, the code by camera, the position with the receipt.
import { written } from "./positions.ts";
import { offerScanning } from "./track/code_scanner.ts";
import { keepTrip } from "./track/keeping.ts";
import { Recorder } from "./track/recorder.ts";
import { TrackStore } from "./track/track_store.ts";

const PATIENCE_MS = 10_000;

async function record(root: HTMLElement): Promise<void> {
  await new Recorder(root, await TrackStore.open()).run();
  keepTrip(root.dataset["worker"] ?? "");
}

/** Send a form with the phone's position, or without it where the phone does not tell in time. */
function sendLocated(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[name=position]");
  if (!field || !("geolocation" in navigator)) return;
  form.addEventListener("submit", (event) => {
    if (form.dataset["asked"]) return;
    event.preventDefault();
    form.dataset["asked"] = "1";
    navigator.geolocation.getCurrentPosition(
      (found) => {
        field.value = written(found.coords);
        form.submit();
      },
      () => form.submit(),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 15_000 },
    );
  });
}

const recorder = document.querySelector<HTMLElement>("[data-recorder]");
if (recorder && "indexedDB" in globalThis) void record(recorder);
document.querySelectorAll<HTMLFormElement>("form[data-located]").forEach(sendLocated);
const scanner = document.querySelector<HTMLElement>("[data-code-scanner]");
const code = document.querySelector<HTMLInputElement>("input[name=code]");
if (scanner && code) {
  offerScanning(scanner, (text) => {
    code.value = text;
    code.form?.requestSubmit();
  });
}
