// Times on the page: how far from now, and in full on the county's clock, wherever the reader is.

/** A distance in time, as `Intl.RelativeTimeFormat` takes it. */
export interface Distance {
  readonly value: number;
  readonly unit: "minute" | "hour" | "day";
}

const MINUTE_MS = 60_000;
const MINUTES_AN_HOUR = 60;
const MINUTES_A_DAY = 1_440;

/** Return how far an instant lies from now, in minutes below two hours, in hours below two days, else in days. */
export function distanceFromNow(instantMs: number, nowMs: number): Distance {
  const minutes = Math.round((instantMs - nowMs) / MINUTE_MS);
  const far = Math.abs(minutes);
  if (far < 2 * MINUTES_AN_HOUR) return { value: minutes, unit: "minute" };
  if (far < 2 * MINUTES_A_DAY) return { value: Math.round(minutes / MINUTES_AN_HOUR), unit: "hour" };
  return { value: Math.round(minutes / MINUTES_A_DAY), unit: "day" };
}

/** Return a distance in words. */
export function sayDistance(distance: Distance, lang: string): string {
  return new Intl.RelativeTimeFormat(lang, { numeric: "always" }).format(distance.value, distance.unit);
}

/** Return an instant in full, on the clock of a time zone, with the zone's name. */
export function sayInFull(instantMs: number, zone: string, lang: string): string {
  const format = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "long", timeZone: zone });
  return format.format(instantMs);
}

/** Give every `<time data-zone>` its full time as a tip and, where it has `data-from-now`, its distance from now behind it. */
export function tellTimes(page: Document, nowMs: number): void {
  const lang = page.documentElement.lang || "zh-Hans";
  for (const time of page.querySelectorAll<HTMLTimeElement>("time[data-zone]")) {
    const instantMs = Date.parse(time.dateTime);
    if (Number.isNaN(instantMs)) continue;
    time.title = sayInFull(instantMs, time.dataset.zone ?? "UTC", lang);
    if (time.dataset.fromNow !== undefined) distanceBehind(time).textContent = sayDistance(distanceFromNow(instantMs, nowMs), lang);
  }
}

function distanceBehind(time: HTMLTimeElement): Element {
  const there = time.nextElementSibling;
  if (there?.classList.contains("from-now")) return there;
  const made = time.ownerDocument.createElement("small");
  made.className = "from-now";
  time.after(" ", made);
  return made;
}
