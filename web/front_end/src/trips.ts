// The driver's trip where scripts run: recording, the code by camera, and what is confirmed without a network too.
import { offerScanning } from "./track/code_scanner.ts";
import { forgetTrips } from "./track/forgetting.ts";
import { keepTrip } from "./track/keeping.ts";
import { Receipts } from "./track/receipts.ts";
import { Recorder } from "./track/recorder.ts";
import { TrackStore } from "./track/track_store.ts";

/** Where there is no place to keep things, the forms of the page are sent as they are. */
async function keep(recorder: HTMLElement | null, receipts: HTMLElement | null): Promise<void> {
  const store = await TrackStore.open();
  await forgetTrips(store, Date.now() / 1000).catch(() => undefined);
  if (receipts) await new Receipts(receipts, store).run();
  if (!recorder) return;
  await new Recorder(recorder, store).run();
  keepTrip(recorder.dataset["worker"] ?? "");
}

if ("indexedDB" in globalThis) {
  const [recorder, receipts] = ["[data-recorder]", "[data-receipts]"].map((one) => document.querySelector<HTMLElement>(one));
  if (recorder || receipts) void keep(recorder ?? null, receipts ?? null);
}
const scanner = document.querySelector<HTMLElement>("[data-code-scanner]");
const code = document.querySelector<HTMLInputElement>("input[name=code]");
if (scanner && code) {
  offerScanning(scanner, (text) => {
    code.value = text;
    code.form?.requestSubmit();
  });
}
