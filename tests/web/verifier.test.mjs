// The phone's verifier gives every vector its verdict, with WebCrypto and in plain script; run by tests/test_packaging.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInPlainScript } from "../../web/front_end/src/verifier/curve.ts";
import { inflateRaw, inflateZlib } from "../../web/front_end/src/verifier/inflate.ts";
import { readKeyList } from "../../web/front_end/src/verifier/keys.ts";
import { checkByWebCrypto, signatureCheck } from "../../web/front_end/src/verifier/signatures.ts";
import { deflateRawSync, deflateSync } from "node:zlib";
import { judge, read } from "../vectors/phone.mjs";

const LAYERS = ["01-signature", "02-header", "03-json", "04-claims", "05-time", "06-status", "07-code"];
const CHECKS = { webcrypto: checkByWebCrypto, "plain script": checkInPlainScript };

for (const [name, check] of Object.entries(CHECKS)) {
  for (const layer of LAYERS) {
    test(`every vector of ${layer} gets its verdict with ${name}`, async () => {
      for (const vector of read(layer)) {
        const { verdict, reasons, shows, number, says } = vector;
        assert.deepEqual(await judge(vector, check), { verdict, reasons, shows }, `${number} ${says}`);
      }
    });
  }
}

test("a key list is read or refused for its reason", () => {
  for (const { document, refused, says } of read("08-key-lists")) {
    if (refused) assert.throws(() => readKeyList(document), { message: refused }, says);
    else assert.ok(readKeyList(document).keys.size, says);
  }
});

test("where there is WebCrypto it is used", async () => {
  assert.equal(await signatureCheck(), checkByWebCrypto);
});

test("what zlib deflated is inflated, stored, fixed and dynamic", () => {
  const data = Uint8Array.from({ length: 50_000 }, (_, place) => (place * place) % 251);
  for (const options of [{ level: 0 }, { strategy: 4 }, { level: 9 }]) {
    assert.deepEqual(inflateRaw(deflateRawSync(data, options), 60_000).plain, data);
    assert.deepEqual(inflateZlib(deflateSync(data, options), 60_000), data);
  }
  assert.equal(inflateRaw(deflateRawSync(data), 100).isWhole, false);
  assert.equal(inflateRaw(deflateRawSync(data), 100).plain.length, 100);
});
