"""Kept arrays come back as they were, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.kept_arrays import keep_arrays, read_kept_arrays

ARRAYS = {"one": np.arange(1000, dtype=np.int32), "none": np.empty((0, 2)), "two": np.eye(3)}


def test_arrays_come_back_as_they_were(tmp_path):
    assert keep_arrays(tmp_path / "new", "key", ARRAYS)
    found = read_kept_arrays(tmp_path / "new", "key")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(found[name], array)


def test_writing_to_what_was_read_changes_no_file(tmp_path):
    keep_arrays(tmp_path, "key", ARRAYS)
    read_kept_arrays(tmp_path, "key")["one"][:] = 7
    assert np.array_equal(read_kept_arrays(tmp_path, "key")["one"], ARRAYS["one"])


def test_what_was_never_kept_is_none(tmp_path):
    assert read_kept_arrays(tmp_path, "key") is None


@pytest.mark.parametrize("damage", [lambda b: b[:-4], lambda b: b[:-1] + b"\x07", lambda b: b""])
def test_a_damaged_array_is_not_used(tmp_path, damage):
    keep_arrays(tmp_path, "key", ARRAYS)
    file = tmp_path / "key" / "one.npy"
    file.write_bytes(damage(file.read_bytes()))
    assert read_kept_arrays(tmp_path, "key") is None


@pytest.mark.parametrize("place", [200, 300_000, 799_990])
@pytest.mark.parametrize("lost", [b"\x01", bytes(4096)])
def test_a_changed_byte_or_a_lost_page_of_a_large_array_is_seen(tmp_path, place, lost):
    keep_arrays(tmp_path, "key", {"large": np.arange(100_000) + 300})
    with (tmp_path / "key" / "large.npy").open("r+b") as file:
        file.seek(place)
        file.write(lost[: 128 + 800_000 - place])
    assert read_kept_arrays(tmp_path, "key") is None


@pytest.mark.parametrize("text", ["", "[]", '{"key": "other", "arrays": {}}', '{"key": "key", "arrays": {"x": ""}}'])
def test_a_damaged_list_is_not_used(tmp_path, text):
    keep_arrays(tmp_path, "key", ARRAYS)
    (tmp_path / "key" / "list.json").write_text(text)
    assert read_kept_arrays(tmp_path, "key") is None


def test_damaged_arrays_are_written_anew(tmp_path):
    keep_arrays(tmp_path, "key", ARRAYS)
    (tmp_path / "key" / "one.npy").unlink()
    assert keep_arrays(tmp_path, "key", ARRAYS)
    assert read_kept_arrays(tmp_path, "key") is not None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_left(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert not keep_arrays(blocked / "below", "key", ARRAYS)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_but_the_arrays_is_left_in_the_folder(tmp_path):
    keep_arrays(tmp_path, "key", ARRAYS)
    keep_arrays(tmp_path, "key", ARRAYS)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
