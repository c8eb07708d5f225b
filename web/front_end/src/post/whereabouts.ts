// Where the phone is: by its own receiver while that knows it well and of late, else the place of its checkpoint.
import type { Point } from "../verifier/polyline.ts";

/** A worse fix says less than the place of the checkpoint does. */
const WORST_M = 100;
/** A phone that stands still is not told its place again. */
const KEPT_MS = 600_000;
const NEWEST_MS = 30_000;
const WAITED_MS = 20_000;
const HERE_M = 50;

export interface Position {
  readonly point: Point;
  /** How far off it may be, by the phone; undefined for the place of the checkpoint. */
  readonly accuracyM?: number;
}

export class Whereabouts {
  private fix: { readonly position: Position; readonly at: number } | undefined;
  private watch: number | undefined;
  private readonly moved: () => void;

  /** `moved` is called when the first position is there, or the phone has gone elsewhere. */
  constructor(moved: () => void) {
    this.moved = moved;
  }

  /** Ask the phone, once; who refuses is not asked again by the browser. */
  start(): void {
    if (this.watch !== undefined || !("geolocation" in navigator)) return;
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.take({ point: [coords.longitude, coords.latitude], accuracyM: coords.accuracy }),
      () => (this.fix = undefined),
      { enableHighAccuracy: true, timeout: WAITED_MS, maximumAge: NEWEST_MS },
    );
  }

  /** Return the phone's own position, or this place. */
  orElse(place: Point | undefined): Position | undefined {
    if (this.fix && Date.now() - this.fix.at < KEPT_MS) return this.fix.position;
    return place && { point: place };
  }

  private take(position: Position): void {
    if ((position.accuracyM ?? 0) > WORST_M) return;
    const before = this.orElse(undefined)?.point;
    this.fix = { position, at: Date.now() };
    if (!before || metres(before, position.point) > HERE_M) this.moved();
  }
}

function metres([lon, lat]: Point, [otherLon, otherLat]: Point): number {
  const degree = 111_195;
  return Math.hypot((otherLon - lon) * Math.cos((lat * Math.PI) / 180), otherLat - lat) * degree;
}
