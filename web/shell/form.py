"""What every form of a page is made from: it reads what was sent, and speaks the request's language."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form

from web.site import site


class PageForm(Form):
    """A form that takes what a POST request carries; forged ones are refused before any view (CSRFProtect).

    Parameters
    ----------
    values
        What the fields show before anything is sent, by name.
    """

    def __init__(self, **values: Any) -> None:
        sent: CombinedMultiDict[str, Any] | None = None
        if request.method == "POST":
            sent = CombinedMultiDict([request.files, request.form])
        super().__init__(formdata=sent, meta={"locales": [site().lang]}, data=values)

    def is_sent_right(self) -> bool:
        """Tell whether the form was sent and every field passes its own checks."""
        return request.method == "POST" and self.validate()

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this form: 422 where it comes back with errors."""
        return 422 if request.method == "POST" else 200
