// What a tap on the map tells: the name of what is there, its state in words, and the way to its page.
import { Popup, type Map, type MapGeoJSONFeature } from "maplibre-gl";
import { OWN, OWN_TAPPABLE } from "./features.ts";
import { say, type MapConfig } from "./config.ts";
import { featuresAt } from "./reach.ts";
import { TAPPABLE } from "./style.ts";

/** Open a note at each tap on something that has a name or a state. */
export function tellTaps(map: Map, config: MapConfig): void {
  const layers = [...OWN_TAPPABLE, "own-closure-lines", ...TAPPABLE];
  map.on("click", (event) => {
    const [feature] = featuresAt(map, event, layers);
    if (feature) noteOf(feature, config).setLngLat(event.lngLat).addTo(map);
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = featuresAt(map, event, layers).length > 0 ? "pointer" : "";
  });
}

function noteOf(feature: MapGeoJSONFeature, config: MapConfig): Popup {
  const known = feature.properties;
  const note = document.createElement("div");
  note.className = "county-map-note";
  const title = document.createElement("strong");
  const kind = String(known["kind"] ?? "");
  title.textContent = String(known["name"] ?? "") || say(config, `kind-${kind}`);
  note.append(title);
  const state = known["state"] ? `state-${String(known["state"])}` : `kind-${kind}`;
  if (config.words[state] && config.words[state] !== title.textContent) note.append(line(say(config, state)));
  const row = feature.source === OWN ? null : rowOf(String(known["id"] ?? ""));
  const href = String(known["href"] ?? row?.querySelector("a")?.getAttribute("href") ?? "");
  if (href) note.append(link(href, say(config, "open")));
  return new Popup({ closeButton: true, maxWidth: "18rem", focusAfterOpen: false }).setDOMContent(note);
}

/** Return the row of the list beside the map that is about the same thing. */
function rowOf(id: string): Element | null {
  return id ? document.querySelector(`[data-map-row="${CSS.escape(id)}"]`) : null;
}

function line(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function link(href: string, text: string): HTMLElement {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}
