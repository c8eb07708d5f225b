// Times of the page, as the browser says them; run by tests/test_packaging.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceFromNow, sayDistance, sayInFull } from "../../web/front_end/src/times.ts";

const AT = Date.parse("2022-06-22T00:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("minutes up to two hours", () => {
  assert.deepEqual(distanceFromNow(AT + 119 * MINUTE_MS, AT), { value: 119, unit: "minute" });
  assert.deepEqual(distanceFromNow(AT - 5 * MINUTE_MS, AT), { value: -5, unit: "minute" });
});

test("hours up to two days, then days", () => {
  assert.deepEqual(distanceFromNow(AT + 2 * HOUR_MS, AT), { value: 2, unit: "hour" });
  assert.deepEqual(distanceFromNow(AT + 47 * HOUR_MS, AT), { value: 47, unit: "hour" });
  assert.deepEqual(distanceFromNow(AT - 72 * HOUR_MS, AT), { value: -3, unit: "day" });
});

test("distances are said in the page's language", () => {
  assert.equal(sayDistance({ value: 2, unit: "hour" }, "zh-Hans"), "2小时后");
  assert.equal(sayDistance({ value: -5, unit: "minute" }, "en"), "5 minutes ago");
});

test("the full time is on the county's clock, wherever the reader is", () => {
  const said = sayInFull(AT, "Asia/Shanghai", "zh-Hans");
  assert.match(said, /2022年6月22日/);
  assert.match(said, /08:00:00/);
});
