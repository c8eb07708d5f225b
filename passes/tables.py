"""Every table of every floor, gathered in one `METADATA`: what the migrations must build."""

from __future__ import annotations

from geodata.closures import filings_register as closure_filings_register
from geodata.closures import records as closure_records
from geodata.ledger import register as ledger_register
from geodata.store import METADATA
from geodata.tickets import board_register as ticket_board_register
from geodata.tickets import news_register as finding_news_register
from geodata.tickets import register as ticket_register
from passes import jobs_register
from passes.accounts import account_register, held_form_register
from passes.applications import sealed_applications
from passes.area_plans import plans_register
from passes.checkpoint import queue_register, scan_register
from passes.consequence import channel_register
from passes.editions import pass_register, status_register
from passes.intake import intake_register
from passes.keeping import deletions_register
from passes.keyring import foreign_lists_register, key_act_register, key_register, root_register
from passes.loop import place_code_register
from passes.messages import link_register, message_register
from passes.reissue import reissue_register
from passes.reports import photo_register, road_report_register
from passes.tracks import burst_register, stop_register, track_register, trip_mark_register
from passes.ways import ways_register
from passes.whitelist import register as whitelist_register

__all__ = [
    "METADATA",
    "account_register",
    "burst_register",
    "channel_register",
    "closure_filings_register",
    "closure_records",
    "deletions_register",
    "finding_news_register",
    "foreign_lists_register",
    "held_form_register",
    "intake_register",
    "jobs_register",
    "key_act_register",
    "key_register",
    "ledger_register",
    "link_register",
    "message_register",
    "pass_register",
    "photo_register",
    "place_code_register",
    "plans_register",
    "queue_register",
    "reissue_register",
    "road_report_register",
    "root_register",
    "scan_register",
    "sealed_applications",
    "status_register",
    "stop_register",
    "ticket_board_register",
    "ticket_register",
    "track_register",
    "trip_mark_register",
    "ways_register",
    "whitelist_register",
]
