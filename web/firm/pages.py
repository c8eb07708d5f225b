"""The firm's places: its applications, applying by form or file, its passes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from web.firm import applying, batches, own_passes, upload
from web.firm.blueprint import pages
from web.shell.navigation import Entry

__all__ = ["NAVIGATION", "applying", "batches", "own_passes", "pages", "upload"]

NAVIGATION: Final = (
    Entry("firm.applications", _l("Our applications"), _l("What became of each; correct what came back"), order=10),
    Entry("firm.apply", _l("Apply"), _l("Apply for one trip with a form"), order=11),
    Entry("firm.send_file", _l("Apply by file"), _l("Apply for many trips with a CSV or XLSX file"), order=12),
    Entry("firm.passes", _l("Our passes"), _l("See, print and renew the firm's passes"), order=13),
)
