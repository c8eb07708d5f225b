"""Hold a form that was sent after its sender's sign-in had ended, so that nothing typed is lost.

Only the account whose sign-in had ended gets it back, once, within an hour. What is held may name people, so it is
sealed like an application.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant
from passes.key_encryption import decrypt_secret, encrypt_secret

HELD_FORMS: Final = sa.Table(
    "held_forms",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(64), sa.ForeignKey("accounts.name"), nullable=False, index=True),
    sa.Column("held_at", Instant, nullable=False),
    sa.Column("address", sa.String(500), nullable=False),
    sa.Column("content_type", sa.String(200), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
HELD_FOR: Final = timedelta(hours=1)
#: Forms held for one account; one more pushes the oldest out.
MOST_HELD: Final = 5


@dataclass(frozen=True, slots=True)
class HeldForm:
    """A form as it was sent: to which address, and its body."""

    address: str
    content_type: str
    body: bytes


def hold_form(connection: sa.Connection, form: HeldForm, encryption_key: bytes, *, account: str, at: datetime) -> str:
    """Hold a form and return what it is fetched by; old ones go."""
    connection.execute(sa.delete(HELD_FORMS).where(HELD_FORMS.c.held_at < at - HELD_FOR))
    own = sa.select(HELD_FORMS.c.id).where(HELD_FORMS.c.account == account).order_by(HELD_FORMS.c.held_at.desc())
    too_many = connection.scalars(own.offset(MOST_HELD - 1)).all()
    connection.execute(sa.delete(HELD_FORMS).where(HELD_FORMS.c.id.in_(too_many)))
    known_by = secrets.token_urlsafe(24)
    sealed = encrypt_secret(form.body, encryption_key, kid=known_by)
    values = {"account": account, "held_at": at, "address": form.address, "content_type": form.content_type}
    connection.execute(sa.insert(HELD_FORMS).values(id=known_by, sealed=sealed, **values))
    return known_by


def take_form(
    connection: sa.Connection, known_by: str, encryption_key: bytes, *, account: str, at: datetime
) -> HeldForm | None:
    """Return a held form to the account it was held for and forget it; None where there is none any more."""
    query = sa.select(HELD_FORMS).where(HELD_FORMS.c.id == known_by, HELD_FORMS.c.account == account)
    row = connection.execute(query.where(HELD_FORMS.c.held_at >= at - HELD_FOR)).first()
    if row is None:
        return None
    connection.execute(sa.delete(HELD_FORMS).where(HELD_FORMS.c.id == known_by))
    return HeldForm(row.address, row.content_type, decrypt_secret(bytes(row.sealed), encryption_key, kid=known_by))
