"""Every table of every floor, gathered in one `METADATA`: what the migrations must build."""

from __future__ import annotations

from geodata.closures import filings_register as closure_filings_register
from geodata.closures import records as closure_records
from geodata.ledger import register as ledger_register
from geodata.store import METADATA
from geodata.tickets import board_register as ticket_board_register
from geodata.tickets import news_register as finding_news_register
from geodata.tickets import register as ticket_register
from passes import (
    account_register,
    burst_register,
    channel_register,
    foreign_lists_register,
    held_form_register,
    intake_register,
    jobs_register,
    key_act_register,
    key_register,
    link_register,
    message_register,
    pass_register,
    photo_register,
    place_code_register,
    plans_register,
    queue_register,
    reissue_register,
    road_report_register,
    root_register,
    scan_register,
    sealed_applications,
    status_register,
    stop_register,
    track_register,
    trip_mark_register,
    ways_register,
    whitelist_register,
)

__all__ = [
    "METADATA",
    "account_register",
    "burst_register",
    "channel_register",
    "closure_filings_register",
    "closure_records",
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
