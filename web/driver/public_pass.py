"""What anybody's phone shows who scans the code of a pass: the verdict and the plate, nothing of the people."""

from __future__ import annotations

from flask import render_template

from web.checkpoint.judging import judge
from web.driver.blueprint import pages
from web.shell.access import allow_all
from web.site import reading


@pages.get("/V/<digits>")
@pages.get("/v/<digits>")
@allow_all
def public_pass(digits: str) -> str:
    """Judge the code of a pass by the register; a text that is no code is red like any other."""
    with reading() as connection:
        judged = judge(connection, digits)
    return render_template("driver/public.html", judged=judged)
