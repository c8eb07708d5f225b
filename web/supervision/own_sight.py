"""What an inspector sees on the way: a blocked road with its photo, which confirms it."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from web.driver.forms import ReportForm
from web.driver.reporting import file_form
from web.shell.access import allow, who
from web.supervision.blueprint import pages


@pages.route("/report", methods=["GET", "POST"])
@allow("S")
def report_road() -> Response:
    """Report a blocked road: what an inspector has seen confirms it."""
    form = ReportForm()
    if form.is_sent_right() and file_form(form, source="inspection", reporter=who().name):
        return redirect(url_for("supervision.desk"), 303)
    features = {"type": "FeatureCollection", "features": []}
    return make_response(render_template("supervision/report.html", form=form, features=features), form.status)
