// The map's style is what the library's own specification allows, in every state of the page.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { ownLines, ownPoints } from "../../web/front_end/src/map/features.ts";
import { pickedLayers } from "../../web/front_end/src/map/picking.ts";
import { momentOf, styleOf, TAPPABLE } from "../../web/front_end/src/map/style.ts";

const SPECIFICATION = new URL(
  "../../web/front_end/node_modules/@maplibre/maplibre-gl-style-spec/dist/index.mjs", import.meta.url,
);
const WITHOUT = existsSync(SPECIFICATION) ? false : "the front end was not built here";
globalThis.location = new URL("http://127.0.0.1:8000/map");
const TOKENS = new Proxy({}, { get: () => "#123456" });
const CONFIG = {
  bounds: [112, 33, 113, 34], base: "/tiles/base/abc/{z}/{x}/{y}", moment: "/tiles/public/{key}/{z}/{x}/{y}",
  namesTownships: true, badges: { hub: "Hu" },
};

function style() {
  const lines = [...ownLines(TOKENS), ...pickedLayers(TOKENS)];
  const made = styleOf(CONFIG, TOKENS, "7-100", lines);
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { ...made, sources: { ...made.sources, own: empty, picked: empty }, layers: [...made.layers, ...ownPoints(TOKENS)] };
}

test("the style is valid", { skip: WITHOUT }, async () => {
  const { validateStyleMin } = await import(SPECIFICATION.href);
  assert.deepEqual(validateStyleMin(style()).map((one) => one.message), []);
});

test("everything comes from this server: no glyphs, no sprite, tiles at the page's own address", () => {
  const made = style();
  assert.equal(made.glyphs, undefined);
  assert.equal(made.sprite, undefined);
  const tiles = Object.values(made.sources).flatMap((source) => source.tiles ?? []);
  assert.deepEqual(tiles, [
    "http://127.0.0.1:8000/tiles/base/abc/{z}/{x}/{y}", "http://127.0.0.1:8000/tiles/public/7-100/{z}/{x}/{y}",
  ]);
});

test("no layer comes twice, and what can be tapped is drawn", () => {
  const ids = style().layers.map((layer) => layer.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of TAPPABLE) assert.ok(ids.includes(id), id);
});

test("names lie over lines, and the page's own points over everything", () => {
  const ids = style().layers.map((layer) => layer.id);
  assert.ok(ids.indexOf("own-lines") < ids.indexOf("names-main"));
  assert.ok(ids.indexOf("closure-lines") < ids.indexOf("places"));
  assert.ok(ids.indexOf("closure-marks") < ids.indexOf("own-points"));
});

test("the address of a state is safe whatever its key", () => {
  assert.equal(momentOf(CONFIG, "a/b"), "/tiles/public/a%2Fb/{z}/{x}/{y}");
});
