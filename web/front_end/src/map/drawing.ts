// Draw an area, a line or a point; the shape stands as text in a form field, which also takes a typed or pasted one.
import type { Map } from "maplibre-gl";
import {
  type GeoJSONStoreFeatures, TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode,
  TerraDrawSelectMode, ValidateNotSelfIntersecting,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { say, type MapConfig, type Pick } from "./config.ts";
import { boxOf, lookAt } from "./features.ts";
import { geometryIn, textOf, type Shape } from "./shapes.ts";
import type { Tokens } from "./tokens.ts";

type Drawn = Exclude<Pick, "roads">;
const MODES = { area: "polygon", line: "linestring", point: "point" } as const;
const FILL = 0.18;
type Field = HTMLTextAreaElement | HTMLInputElement;
type Colour = `#${string}`;

/** Let a person draw the one shape that a form field holds. */
export function offerDrawing(map: Map, figure: HTMLElement, config: MapConfig, field: Field, tokens: Tokens): void {
  const kind = config.pick as Drawn;
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 6 }),
    modes: modesOf(tokens.drawn as Colour),
  });
  draw.start();
  const show = (moves: boolean): void => {
    put(draw, kind, geometryIn(field.value, kind));
    const box = boxOf(draw.getSnapshot());
    if (box) lookAt(map, box, { moves });
    // A point is moved by tapping elsewhere, the others by their corners.
    draw.setMode(!box || kind === "point" ? MODES[kind] : "select");
  };
  const begin = (): void => {
    draw.clear();
    draw.setMode(MODES[kind]);
  };
  show(false);
  draw.on("finish", () => {
    const shape = newest(draw, kind);
    if (!shape) return;
    write(field, textOf(shape, kind));
    setTimeout(() => dropOlder(draw, kind));
    tell(figure, say(config, "drawn"));
    // The library is not done with the finished shape before the next turn.
    if (kind !== "point") setTimeout(() => draw.setMode("select"));
  });
  field.addEventListener("change", (event) => {
    if (event.isTrusted) show(true);
  });
  figure.querySelector(".county-map-redraw")?.addEventListener("click", () => {
    begin();
    write(field, "");
    tell(figure, say(config, `draw-${kind}`));
  });
}

function modesOf(colour: Colour): ConstructorParameters<typeof TerraDraw>[0]["modes"] {
  const corner = { draggable: true, deletable: true, midpoints: true };
  const flags = { feature: { draggable: true, coordinates: corner } };
  return [
    new TerraDrawPolygonMode({
      validation: (feature, { updateType }) =>
        updateType === "finish" || updateType === "commit" ? ValidateNotSelfIntersecting(feature) : { valid: true },
      styles: { fillColor: colour, fillOpacity: FILL, outlineColor: colour, closingPointColor: colour },
    }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: colour, lineStringWidth: 4 } }),
    new TerraDrawPointMode({ styles: { pointColor: colour, pointWidth: 8 } }),
    new TerraDrawSelectMode({
      flags: { polygon: flags, linestring: flags, point: { feature: { draggable: true } } },
      styles: {
        selectedPolygonColor: colour, selectedPolygonFillOpacity: FILL, selectedPolygonOutlineColor: colour,
        selectedLineStringColor: colour,
      },
    }),
  ];
}

function put(draw: TerraDraw, kind: Drawn, geometry: Shape | null): void {
  draw.clear();
  if (!geometry) return;
  const feature = { type: "Feature", geometry, properties: { mode: MODES[kind] } } as GeoJSONStoreFeatures;
  draw.addFeatures([feature]);
}

function drawnShapes(draw: TerraDraw, kind: Drawn): GeoJSONStoreFeatures[] {
  return draw.getSnapshot().filter((one) => one.properties["mode"] === MODES[kind]);
}

function newest(draw: TerraDraw, kind: Drawn): Shape | null {
  return (drawnShapes(draw, kind).pop()?.geometry as Shape | undefined) ?? null;
}

/** Drop every shape but the newest: a field holds one. */
function dropOlder(draw: TerraDraw, kind: Drawn): void {
  const older = drawnShapes(draw, kind).slice(0, -1).flatMap((one) => one.id ?? []);
  if (older.length > 0) draw.removeFeatures(older);
}

function write(field: Field, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function tell(figure: HTMLElement, text: string): void {
  const said = figure.querySelector(".county-map-said");
  if (said) said.textContent = text;
}
