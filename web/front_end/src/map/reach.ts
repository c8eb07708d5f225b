// What lies within a finger's breadth of a tap.
import type { Map, MapGeoJSONFeature, MapMouseEvent } from "maplibre-gl";

const REACH_PX = 8;

/** Return what lies within a finger's breadth of a tap, the topmost first. */
export function featuresAt(map: Map, event: MapMouseEvent, layers: readonly string[]): MapGeoJSONFeature[] {
  const { x, y } = event.point;
  const there = layers.filter((layer) => map.getLayer(layer));
  return map.queryRenderedFeatures([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], { layers: there });
}
