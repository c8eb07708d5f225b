// The phone's verifier as Node runs it: trust of the vectors, and a verdict in the words of the vectors.
import { readFileSync } from "node:fs";
import { readKey } from "../../web/front_end/src/verifier/keys.ts";
import { readRootedList } from "../../web/front_end/src/verifier/root_list.ts";
import { readStatusList, StatusLists } from "../../web/front_end/src/verifier/status_list.ts";
import { verifyLoop } from "../../web/front_end/src/verifier/loop.ts";
import { verifyPass } from "../../web/front_end/src/verifier/verify.ts";

const FOLDER = new URL("./", import.meta.url);

/** Read a file of vectors. */
export function read(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

const TRUST = read("trust");
/** The root of the vectors. */
export const ROOT = readKey(TRUST.root);
const seconds = (text) => Date.parse(text) / 1000;

async function othersOf(name, list, check) {
  if (name === undefined) return new Map();
  const own = { ...list, keys: list.others.get(TRUST.foreign_issuer).keys, withdrawn: new Set() };
  return new Map([[TRUST.foreign_issuer, new StatusLists([await readStatusList(TRUST.foreign_lists[name], own, check)])]]);
}

/** Return the trust that a vector names; a status list is read when it arrives, with the keys of that day. */
export async function trustOf({ keys, status_list: name, seen, foreign }, check) {
  const document = TRUST.key_lists[keys];
  const list = await readRootedList(document, document.root_list && ROOT, check);
  const others = await othersOf(foreign, list, check);
  if (name === null) return { keys: list, others };
  const held = await readStatusList(TRUST.status_lists[name], await readRootedList(TRUST.key_lists.current, undefined, check), check);
  return seen && held.issuedAt < seconds(seen) ? { keys: list, olderListAt: held.issuedAt } : { keys: list, statuses: held, others };
}

/** Return what the phone says of a vector. */
export async function judge(vector, check, trust) {
  const seen = {
    at: seconds(vector.at),
    plate: vector.plate ?? undefined,
    position: vector.position ?? undefined,
    way: vector.way ?? undefined,
  };
  const found = await verifyPass(vector.text.repeat(vector.text_repeat ?? 1), trust ?? (await trustOf(vector, check)), seen, check);
  return {
    verdict: found.verdict,
    reasons: found.reasons.map((one) => one.code),
    shows: found.claims ? { number: found.claims.number, plate: found.claims.plate } : null,
    ...(vector.told ? { told: factsOf(found.reasons, vector.told) } : {}),
  };
}

/** Return what some reasons say. */
function factsOf(reasons, codes) {
  return Object.fromEntries(reasons.filter((one) => one.code in codes).map((one) => [one.code, one.facts]));
}

/** Return what the phone says of a certificate. */
export async function judgeCertificate({ text, keys, at }, check, trust) {
  const { keys: list } = trust ?? (await trustOf({ keys, status_list: null }, check));
  const found = await verifyLoop(text, list, seconds(at), check);
  return {
    verdict: found.verdict,
    reasons: found.reasons.map((one) => one.code),
    shows: found.claims ? { number: found.claims.number, plate: found.claims.plate } : null,
  };
}
