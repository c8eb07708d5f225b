// The phone's verifier as Node runs it: trust of the vectors, and a verdict in the words of the vectors.
import { readFileSync } from "node:fs";
import * as verifier from "../../web/front_end/src/verifier.ts";
import { Judging } from "./judging.mjs";

const FOLDER = new URL("./", import.meta.url);

/** Read a file of vectors. */
export function read(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

/** The verifier's sources with the trust of the vectors. */
export const judging = new Judging(verifier, read("trust"));
/** The root of the vectors. */
export const ROOT = judging.root;
export const trustOf = judging.trustOf.bind(judging);
export const judge = judging.judge.bind(judging);
export const judgeCertificate = judging.judgeCertificate.bind(judging);
