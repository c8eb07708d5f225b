"""Issue clean applications without an officer where the policy says so, and draw a share of them for one to check.

The rules decide in any case; `auto_issue` says whether an officer confirms each pass, or looks at the share
`sample_check_pct` of those that nobody confirmed. The draw follows from the pass and the office's own key: whoever
holds the key can draw it again, and no applicant can tell beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from passes.applications.office import Office
from passes.editions.pass_register import PassEvent, record_event, record_events
from passes.intake.bulk_intake import issue_many
from passes.intake.handling import Act, Filing, Granting, issue_filed
from passes.intake.intake_register import APPLIED
from passes.keyring.key_register import open_encryption_key

#: Who issued, where the policy did: no account has this name.
BY_POLICY: Final = ""
DRAWN: Final = "drawn"
_OF: Final = 2**64


def issue_by_policy(filing: Filing, office: Office, act: Act) -> Granting | None:
    """Issue the pass of an application that was just filed and is clean; None where an officer is to look at it.

    Raises
    ------
    BadInputError
        As `issue_filed`.
    """
    record = filing.record
    if not office.policy.passes.auto_issue or record is None or filing.again:
        return None
    if record.state != APPLIED or filing.checked.findings:
        return None
    granting = issue_filed(office, record.id, replace(act, who=BY_POLICY), seen=record.version, checked=filing.checked)
    issued = granting.issued.record if granting.issued and not granting.issued.again else None
    if issued is not None:
        key = open_encryption_key(office.connection, act.key_file)
        if is_drawn(issued.jti, key, pct=office.policy.passes.sample_check_pct):
            record_event(office.connection, PassEvent(issued.jti, act.at, DRAWN, "", {}))
    return granting


def issue_all_by_policy(filings: Sequence[Filing], office: Office, act: Act) -> dict[str, Granting]:
    """Issue the passes of very many applications that were just filed, as `issue_by_policy`; by the application's id.

    Raises
    ------
    BadInputError
        As `issue_many`.
    """
    if not office.policy.passes.auto_issue:
        return {}
    asked = [
        (one.record, one.checked)
        for one in filings
        if one.record is not None and not one.again and one.record.state == APPLIED and not one.checked.findings
    ]
    grantings = issue_many(asked, office, replace(act, who=BY_POLICY))
    made = [one.issued.record for one in grantings if one.issued and one.issued.record and not one.issued.again]
    if made:
        key, pct = open_encryption_key(office.connection, act.key_file), office.policy.passes.sample_check_pct
        drawn = [one.jti for one in made if is_drawn(one.jti, key, pct=pct)]
        record_events(office.connection, [PassEvent(jti, act.at, DRAWN, "", {}) for jti in drawn])
    return {one.record.id: one for one in grantings}


def is_drawn(jti: str, encryption_key: bytes, *, pct: float) -> bool:
    """Tell whether a pass that the policy issued is drawn for an officer's check; the same answer every time."""
    digest = hmac.digest(encryption_key, f"baotong sample check {jti}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") < pct / 100 * _OF
