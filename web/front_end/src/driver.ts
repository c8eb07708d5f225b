// The driver's pages where scripts run: the position by a button, photos made small, a screen that stays on.
import { offerCarrying } from "./carrying.ts";
import { offerMoments } from "./moments.ts";
import { offerPhotos } from "./photos.ts";
import { offerPositions } from "./positions.ts";

interface Awake {
  wakeLock?: { request(kind: "screen"): Promise<unknown> };
}

function keepAwake(): void {
  const awake = navigator as unknown as Awake;
  const request = (): void => {
    if (document.visibilityState === "visible") awake.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", request);
  request();
}

offerPositions(document);
offerCarrying(document);
offerMoments(document);
offerPhotos(document);
if (document.body.hasAttribute("data-keep-awake")) keepAwake();
