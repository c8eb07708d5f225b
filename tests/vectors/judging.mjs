// Judge vectors and cases with the phone's verifier, whoever runs it: Node from its sources, a browser from what was built.
//
// Nothing here reads a file: the verifier, the trust of the vectors and the `jose` package are given.
const seconds = (text) => Date.parse(text) / 1000;

function shown({ verdict, reasons, claims }) {
  return {
    verdict,
    reasons: reasons.map((one) => one.code),
    shows: claims ? { number: claims.number, plate: claims.plate } : null,
  };
}

/** Return what some reasons say. */
function factsOf(reasons, codes) {
  return Object.fromEntries(reasons.filter((one) => one.code in codes).map((one) => [one.code, one.facts]));
}

/** Return a check that looks at each signature of a case only once: the slow one takes a millisecond. */
function once(check) {
  const found = new Map();
  return async (token, key) => {
    if (!found.has(key.x)) found.set(key.x, await check(token, key));
    return found.get(key.x);
  };
}

/** The ways to judge with a verifier, whose situations are named in `trust`. */
export class Judging {
  constructor(verifier, trust) {
    this.verifier = verifier;
    this.trust = trust;
    this.root = verifier.readKey(trust.root);
    this.checks = { web: verifier.checkByWebCrypto, plain: verifier.checkInPlainScript };
    this.trusts = new Map();
  }

  async othersOf(name, list, check) {
    if (name === undefined) return new Map();
    const { readStatusList, StatusLists } = this.verifier;
    const issuer = this.trust.foreign_issuer;
    const own = { ...list, keys: list.others.get(issuer).keys, withdrawn: new Set() };
    return new Map([[issuer, new StatusLists([await readStatusList(this.trust.foreign_lists[name], own, check)])]]);
  }

  /** Return the trust that a vector names; a status list is read when it arrives, with the keys of that day. */
  async trustOf({ keys, status_list: name, seen, foreign }, check) {
    const { readRootedList, readStatusList } = this.verifier;
    const document = this.trust.key_lists[keys];
    const list = await readRootedList(document, document.root_list && this.root, check);
    const others = await this.othersOf(foreign, list, check);
    if (name === null) return { keys: list, others };
    const then = await readRootedList(this.trust.key_lists.current, undefined, check);
    const held = await readStatusList(this.trust.status_lists[name], then, check);
    return seen && held.issuedAt < seconds(seen) ? { keys: list, olderListAt: held.issuedAt } : { keys: list, statuses: held, others };
  }

  /** Return what the phone says of a vector. */
  async judge(vector, check, trust) {
    const seen = {
      at: seconds(vector.at),
      plate: vector.plate ?? undefined,
      position: vector.position ?? undefined,
      way: vector.way ?? undefined,
    };
    const text = vector.text.repeat(vector.text_repeat ?? 1);
    const found = await this.verifier.verifyPass(text, trust ?? (await this.trustOf(vector, check)), seen, check);
    return { ...shown(found), ...(vector.told ? { told: factsOf(found.reasons, vector.told) } : {}) };
  }

  /** Return what the phone says of a certificate. */
  async judgeCertificate({ text, keys, at }, check, trust) {
    const { keys: list } = trust ?? (await this.trustOf({ keys, status_list: null }, check));
    return shown(await this.verifier.verifyLoop(text, list, seconds(at), check));
  }

  /** Return the trust of a case's situation; the same one is read once. */
  async known({ keys, status_list = null, seen, foreign }) {
    const name = JSON.stringify([keys, status_list, seen, foreign]);
    if (!this.trusts.has(name)) this.trusts.set(name, await this.trustOf({ keys, status_list, seen, foreign }, this.checks.web));
    return this.trusts.get(name);
  }

  async refusal(found) {
    const { KeyListError, RefusedDocument } = this.verifier;
    try {
      await found;
      return { refused: "" };
    } catch (error) {
      if (error instanceof RefusedDocument || error instanceof KeyListError) return { refused: error.message };
      throw error;
    }
  }

  async judged(one, check) {
    if (one.what === "pass") return this.judge(one, check, await this.known(one));
    if (one.what === "certificate") return this.judgeCertificate(one, check, await this.known(one));
    const { readRootedList, readStatusList } = this.verifier;
    if (one.what === "status-list") return this.refusal(readStatusList(one.text, (await this.known(one)).keys, check));
    return this.refusal(readRootedList(one.document, one.root ? this.root : undefined, check));
  }

  async useJose(jose) {
    const { current, withdrawn } = this.trust.key_lists;
    this.jose = jose;
    this.jwks = new Map([...current.keys, ...withdrawn.keys].map((jwk) => [jwk.kid, jwk]));
    this.joseKeys = new Map(await Promise.all([...this.jwks].map(async ([kid, jwk]) => [kid, await jose.importJWK(jwk, "ES256")])));
  }

  /** Return what every check says of a signature that is reached; null where the front door refuses the text. */
  async signatures({ what, text }, checks) {
    const { RefusedToken, fromCode, isCode, readKey, readToken } = this.verifier;
    if (what !== "pass") return null;
    let token;
    try {
      token = readToken(text);
    } catch (error) {
      if (error instanceof RefusedToken) return null;
      throw error;
    }
    const jwk = this.jwks.get(token.kid);
    if (jwk === undefined) return null;
    const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    const options = { algorithms: ["ES256"] };
    const jose = this.jose.compactVerify(isCode(plain) ? fromCode(plain) : plain, this.joseKeys.get(token.kid), options).then(
      () => true,
      () => false,
    );
    const key = readKey(jwk);
    return { web: await checks.web(token, key), plain: await checks.plain(token, key), jose: await jose };
  }

  /** Return what every check of signatures says of a case, and of its signature. */
  async answer(one) {
    const checks = Object.fromEntries(Object.entries(this.checks).map(([name, check]) => [name, once(check)]));
    return { web: await this.judged(one, checks.web), plain: await this.judged(one, checks.plain), signed: await this.signatures(one, checks) };
  }
}
