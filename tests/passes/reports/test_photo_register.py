from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from geodata.store import transaction
from passes.reports.photo_register import PHOTOS, find_photo, keep_photo
from passes.reports.photos import take_photo
from tests.photo_files import a_picture

AT = datetime(2022, 7, 1, tzinfo=UTC)


def test_a_photo_comes_back_as_it_was_kept(store: sa.Engine) -> None:
    photo = take_photo(a_picture(), where="photo")
    with transaction(store, writes=True) as connection:
        assert find_photo(connection, keep_photo(connection, photo, at=AT)) == photo


def test_the_same_photo_is_kept_once(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        for _ in range(2):
            keep_photo(connection, take_photo(a_picture(), where="photo"), at=AT)
        assert connection.scalar(sa.select(sa.func.count()).select_from(PHOTOS)) == 1


def test_there_is_no_photo_of_an_unknown_name(store: sa.Engine) -> None:
    with transaction(store, writes=False) as connection:
        assert find_photo(connection, "0" * 64) is None
