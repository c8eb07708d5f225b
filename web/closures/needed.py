"""Mark a field that cannot be left empty, where a floor below says so and why."""

from __future__ import annotations

from typing import Final

from wtforms import Field, Form


class Needed:
    """Lets everything pass: the page does not call the field optional, and the rule below names what is missing."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Let everything pass."""
