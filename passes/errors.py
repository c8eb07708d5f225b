"""What a caller of `passes` did wrong, and why a token is refused at the front door."""

from __future__ import annotations

from geodata.errors import BadInputError


class RefusedTokenError(BadInputError):
    """A text is not a token of ours; `code` is the reason's code on the verdict, `facts` name the fault.

    A verifier turns it into a red verdict; only who signs or draws a code lets it reach the user.
    """
