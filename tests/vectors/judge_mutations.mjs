// Judge texts from stdin, one JSON string a line, with every check of signatures that there is; one answer a line.
//
// The first argument is the address of the `jose` package: where a text passes the front door under our own key's name,
// the answer says what jose makes of its signature.
import { createInterface } from "node:readline";
import { checkInPlainScript } from "../../web/front_end/src/verifier/curve.ts";
import { fromCode, isCode } from "../../web/front_end/src/verifier/pass_code.ts";
import { checkByWebCrypto } from "../../web/front_end/src/verifier/signatures.ts";
import { readToken } from "../../web/front_end/src/verifier/verify.ts";
import { judge, read, trustOf } from "./phone.mjs";

const { compactVerify, importJWK } = await import(process.argv[2]);
const AT = "2022-06-22T01:00:00Z";
const KEYS = read("trust").key_lists.current.keys;
const JWK = KEYS[0];
const JOSE_KEY = await importJWK(JWK, "ES256");
const TRUST = await trustOf({ keys: "current", status_list: "fresh" }, checkByWebCrypto);

async function isSignedByJose(text) {
  try {
    if (readToken(text).kid !== JWK.kid) return null;
  } catch {
    return null;
  }
  const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  try {
    await compactVerify(isCode(plain) ? fromCode(plain) : plain, JOSE_KEY, { algorithms: ["ES256"] });
    return true;
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const vector = { text: JSON.parse(line), at: AT, plate: null, position: null, way: null };
  const [web, plain] = [await judge(vector, checkByWebCrypto, TRUST), await judge(vector, checkInPlainScript, TRUST)];
  process.stdout.write(`${JSON.stringify({ web, plain, jose: await isSignedByJose(vector.text) })}\n`);
}
