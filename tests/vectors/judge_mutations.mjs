// Judge cases from stdin, one in JSON a line, with every check of signatures that there is; one answer a line.
//
// The first argument is the address of the `jose` package: where a text passes the front door under the name of a key
// that the vectors know, the answer says what each check, and jose, makes of its signature.
import { createInterface } from "node:readline";
import { checkInPlainScript } from "../../web/front_end/src/verifier/curve.ts";
import { KeyListError, readKey } from "../../web/front_end/src/verifier/keys.ts";
import { fromCode, isCode } from "../../web/front_end/src/verifier/pass_code.ts";
import { RefusedToken } from "../../web/front_end/src/verifier/refused.ts";
import { readRootedList } from "../../web/front_end/src/verifier/root_list.ts";
import { checkByWebCrypto } from "../../web/front_end/src/verifier/signatures.ts";
import { readStatusList, RefusedDocument } from "../../web/front_end/src/verifier/status_list.ts";
import { readToken } from "../../web/front_end/src/verifier/verify.ts";
import { judge, judgeCertificate, read, ROOT, trustOf } from "./phone.mjs";

const { compactVerify, importJWK } = await import(process.argv[2]);
const JWKS = new Map([...read("trust").key_lists.current.keys, ...read("trust").key_lists.withdrawn.keys].map((jwk) => [jwk.kid, jwk]));
const JOSE_KEYS = new Map(await Promise.all([...JWKS].map(async ([kid, jwk]) => [kid, await importJWK(jwk, "ES256")])));
const CHECKS = { web: checkByWebCrypto, plain: checkInPlainScript };
const trusts = new Map();

/** Return the trust of a situation; the same one is read once. */
async function known({ keys, status_list = null, seen, foreign }) {
  const name = JSON.stringify([keys, status_list, seen, foreign]);
  if (!trusts.has(name)) trusts.set(name, await trustOf({ keys, status_list, seen, foreign }, checkByWebCrypto));
  return trusts.get(name);
}

/** Return a check that looks at each signature of a case only once: the slow one takes a millisecond. */
function once(check) {
  const found = new Map();
  return async (token, key) => {
    if (!found.has(key.x)) found.set(key.x, await check(token, key));
    return found.get(key.x);
  };
}

async function refusal(found) {
  try {
    await found;
    return { refused: "" };
  } catch (error) {
    if (error instanceof RefusedDocument || error instanceof KeyListError) return { refused: error.message };
    throw error;
  }
}

async function judged(one, check) {
  if (one.what === "pass") return judge(one, check, await known(one));
  if (one.what === "certificate") return judgeCertificate(one, check, await known(one));
  if (one.what === "status-list") return refusal(readStatusList(one.text, (await known(one)).keys, check));
  return refusal(readRootedList(one.document, one.root ? ROOT : undefined, check));
}

/** Return what every check says of a signature that is reached; null where the front door refuses the text. */
async function signatures({ what, text }, checks) {
  if (what !== "pass") return null;
  let token;
  try {
    token = readToken(text);
  } catch (error) {
    if (error instanceof RefusedToken) return null;
    throw error;
  }
  const jwk = JWKS.get(token.kid);
  if (jwk === undefined) return null;
  const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const options = { algorithms: ["ES256"] };
  const jose = compactVerify(isCode(plain) ? fromCode(plain) : plain, JOSE_KEYS.get(token.kid), options).then(
    () => true,
    () => false,
  );
  const key = readKey(jwk);
  return { web: await checks.web(token, key), plain: await checks.plain(token, key), jose: await jose };
}

for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  const checks = Object.fromEntries(Object.entries(CHECKS).map(([name, check]) => [name, once(check)]));
  const answer = { web: await judged(one, checks.web), plain: await judged(one, checks.plain), signed: await signatures(one, checks) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
