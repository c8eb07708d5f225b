"""Take a form that reports a blocked road, from whoever sends it."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _

from geodata.errors import BadInputError
from passes.reports.photo_register import keep_photo
from passes.reports.photos import take_photo
from passes.reports.road_reporting import RoadReport, file_report
from web.driver.forms import ReportForm, position_of
from web.shell.form_errors import put_error
from web.site import site, writing


def file_form(form: ReportForm, *, source: str, reporter: str) -> bool:
    """Take a report and tell what became of it; False where something is wrong, which then stands beside its field.

    Parameters
    ----------
    source
        "driver", "checkpoint" or "inspection".
    reporter
        Pass number, id of the checkpoint, or account of the inspector.
    """
    at = site().now()
    try:
        lon, lat = position_of(form.position.data or "")
        sent = form.photo_bytes()
        photo = take_photo(sent, where="photo") if sent else None
        with writing() as connection:
            report = RoadReport(
                at,
                source,
                reporter,
                lon,
                lat,
                barrier=form.barrier.data or "",
                photo="" if photo is None else keep_photo(connection, photo, at=at),
                note=form.note.data or "",
                is_sure=bool(form.is_sure.data),
            )
            filed = file_report(connection, report, site().county, at=at)
    except BadInputError as error:
        put_error(form, error)
        return False
    flash(
        _("Thank you. New routes avoid this place from now on.")
        if filed.is_new_case
        else _("Thank you. Others reported this place as well; new routes avoid it.")
    )
    return True
