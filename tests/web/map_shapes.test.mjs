// Shapes and ids as form fields hold them; run by tests/test_packaging.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, ready } from "../../web/front_end/src/map/features.ts";
import { holdsAll } from "../../web/front_end/src/map/filtering.ts";
import { idsIn, metresOf, roadOf, toggled } from "../../web/front_end/src/map/picking.ts";
import { geometryIn, textOf } from "../../web/front_end/src/map/shapes.ts";

const RING = [[113, 33], [113.1, 33], [113.1, 33.1], [113, 33]];

test("an area and a line stand in their field as GeoJSON with a tenth of a metre", () => {
  const area = { type: "Polygon", coordinates: [[[113.00000049, 33], [113.1, 33], [113.1, 33.1], [113.00000049, 33]]] };
  assert.equal(textOf(area, "area"), JSON.stringify({ type: "Polygon", coordinates: [RING] }));
  assert.deepEqual(geometryIn(textOf(area, "area"), "area"), { type: "Polygon", coordinates: [RING] });
});

test("a point stands as longitude and latitude, and is read with any comma", () => {
  assert.equal(textOf({ type: "Point", coordinates: [113.01, 33.25] }, "point"), "113.01,33.25");
  for (const text of ["113.01,33.25", " 113.01, 33.25 ", "113.01,33.25", "113.01 33.25"]) {
    assert.deepEqual(geometryIn(text, "point"), { type: "Point", coordinates: [113.01, 33.25] });
  }
});

test("a pasted feature is taken for its geometry", () => {
  const feature = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [RING] } };
  assert.deepEqual(geometryIn(JSON.stringify(feature), "area"), feature.geometry);
});

test("what is no such shape is left in the field and not drawn", () => {
  const other = JSON.stringify({ type: "LineString", coordinates: RING });
  for (const text of ["", "x", "{}", "null", "[1]", other, '{"type":"Feature","geometry":null}']) {
    assert.equal(geometryIn(text, "area"), null, text);
  }
  for (const text of ["", "113", "113,33,1", "a,b", "200,33", "113,95"]) assert.equal(geometryIn(text, "point"), null, text);
});

test("ids are one a line, each once, however they were typed", () => {
  assert.deepEqual(idsIn("d1\nd2\r\n d1, d3,d4、d5;d6"), ["d1", "d2", "d3", "d4", "d5", "d6"]);
  assert.deepEqual(idsIn(" \n"), []);
});

test("a second tap takes a road out again", () => {
  assert.deepEqual(toggled(["a", "b"], "c"), ["a", "b", "c"]);
  assert.deepEqual(toggled(["a", "b"], "a"), ["b"]);
});

test("a part of a road stands with its metres and counts as long as it is", () => {
  assert.equal(roadOf("d1@100-250"), "d1");
  assert.equal(metresOf("d1@100-250.5", 900), 150.5);
  assert.equal(metresOf("d1", 900), 900);
  assert.equal(metresOf("d1@0-5000", 900), 900);
  assert.deepEqual(toggled(["d1@100-250", "d2"], "d1"), ["d2"]);
});

test("the box round features holds every position of every geometry", () => {
  const features = [
    { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [RING] } },
    { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: [[[112, 34], [112.5, 34.5]]] } },
    { type: "Feature", properties: {}, geometry: { type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [115, 32] }] } },
    { type: "Feature", properties: {}, geometry: null },
  ];
  assert.deepEqual(boxOf(features), [112, 32, 115, 34.5]);
  assert.equal(boxOf([]), null);
  assert.equal(boxOf([features[3]]), null);
});

test("each kind has a sign, and a closure without a state is one that is asked for", () => {
  const of = (properties) => {
    const feature = { type: "Feature", properties, geometry: { type: "Point", coordinates: [113, 33] } };
    return ready({ type: "FeatureCollection", features: [feature] }, { checkpoint: "Ck" }).features[0].properties;
  };
  assert.equal(of({ kind: "checkpoint" }).sign, "place-checkpoint");
  assert.equal(of({ kind: "closure" }).sign, "mark-requested");
  assert.equal(of({ kind: "closure", state: "partly_approved" }).sign, "mark-approved");
  assert.equal(of({ kind: "blockage" }).sign, "mark-blocked");
  assert.equal(of({ kind: "you" }).sign, "you");
  assert.equal(of({ kind: "something new" }).sign, "stop");
  assert.equal(of(null).kind, "place");
});

test("a row stays when it holds every word typed", () => {
  assert.equal(holdsAll("X903 县道 Closed, no approval", "x903 CLOSED"), true);
  assert.equal(holdsAll("X903 县道", "x903 乡道"), false);
  assert.equal(holdsAll("anything", ""), true);
});
