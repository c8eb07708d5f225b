// The phone's verifier gives every vector its verdict, with WebCrypto and in plain script; run by tests/test_packaging.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInPlainScript } from "../../web/front_end/src/verifier/curve.ts";
import { inflateRaw, inflateZlib } from "../../web/front_end/src/verifier/inflate.ts";
import { readKeyList } from "../../web/front_end/src/verifier/keys.ts";
import { checkByWebCrypto, signatureCheck } from "../../web/front_end/src/verifier/signatures.ts";
import { readStatusList } from "../../web/front_end/src/verifier/status_list.ts";
import { deflateRawSync, deflateSync } from "node:zlib";
import { foreignName, readBundle } from "../../web/front_end/src/post/documents.ts";
import { isListFrame } from "../../web/front_end/src/post/list_frames.ts";
import { refuseOlderList, readRootedList } from "../../web/front_end/src/verifier/root_list.ts";
import { judge, judgeCertificate, read, ROOT, trustOf } from "../vectors/phone.mjs";

const LAYERS = ["01-signature", "02-header", "03-json", "04-claims", "05-time", "06-status", "07-code", "09-issuers"];
const CHECKS = { webcrypto: checkByWebCrypto, "plain script": checkInPlainScript };

for (const [name, check] of Object.entries(CHECKS)) {
  for (const layer of LAYERS) {
    test(`every vector of ${layer} gets its verdict with ${name}`, async () => {
      for (const vector of read(layer)) {
        const { verdict, reasons, shows, told, number, says } = vector;
        const wanted = { verdict, reasons, shows, ...(told ? { told } : {}) };
        assert.deepEqual(await judge(vector, check), wanted, `${number} ${says}`);
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

for (const [name, check] of Object.entries(CHECKS)) {
  test(`a list of the root's is read or refused for its reason with ${name}`, async () => {
    for (const { document, seen, refused, says } of read("10-root-lists")) {
      const found = readRootedList(document, ROOT, check).then((list) => refuseOlderList(list, seen));
      if (refused) await assert.rejects(found, { message: refused }, says);
      else await found;
    }
  });

  test(`a status list is read or refused for its reason with ${name}`, async () => {
    for (const { text, keys, refused, says } of read("13-status-lists")) {
      const { keys: list } = await trustOf({ keys, status_list: null }, check);
      if (refused) await assert.rejects(readStatusList(text, list, check), { message: refused }, says);
      else await readStatusList(text, list, check);
    }
  });

  test(`a bundle is taken or refused for its reason with ${name}`, async () => {
    for (const { text, held, root, refused, says, foreign = [] } of read("11-bundles")) {
      const before = held === null ? undefined : await readBundle(held, {}, check);
      const seen = new Map([...(before?.foreign ?? [])].flatMap(([issuer, lists]) => lists.map((one) => [foreignName(issuer, one), one.issuedAt])));
      const found = readBundle(text, { bundle: before, root: root ? ROOT : undefined, seen }, check);
      if (refused) await assert.rejects(found, { message: refused }, says);
      else assert.ok((await found).keys.keys.size, says);
      if (!refused) assert.deepEqual([...(await found).foreign.keys()], foreign, says);
    }
  });
}

for (const [name, check] of Object.entries(CHECKS)) {
  test(`every certificate gets its verdict with ${name}`, async () => {
    for (const vector of read("12-certificates")) {
      const { verdict, reasons, shows, number, says } = vector;
      assert.deepEqual(await judgeCertificate(vector, check), { verdict, reasons, shows }, `${number} ${says}`);
    }
  });
}

test("a certificate's code is none of a carried list's", () => {
  const codes = read("12-certificates").map((one) => one.text).filter((text) => /^https:/i.test(text));
  assert.deepEqual([codes.length > 1, codes.some(isListFrame)], [true, false]);
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
