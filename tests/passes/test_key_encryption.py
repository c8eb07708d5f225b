import os
import stat

import pytest

from geodata.errors import SurroundingsError
from passes.key_encryption import decrypt_secret, encrypt_secret, make_key_file, read_key_file

SECRET = bytes(range(32))
ENCRYPTION_KEY = bytes([9]) * 32


def refused(path):
    with pytest.raises(SurroundingsError) as error:
        read_key_file(path)
    return error.value.code


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "settings" / "key"
    make_key_file(path)
    return path


def test_a_secret_comes_back_and_is_hidden():
    encrypted = encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k1")
    assert SECRET not in encrypted
    assert decrypt_secret(encrypted, ENCRYPTION_KEY, kid="k1") == SECRET


def test_the_same_secret_is_never_encrypted_twice_alike():
    assert encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k") != encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k")


@pytest.mark.parametrize("place", [0, 11, 12, 30, -1])
def test_one_changed_byte_opens_nothing(place):
    encrypted = bytearray(encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k1"))
    encrypted[place] ^= 1
    with pytest.raises(SurroundingsError, match="key-file-wrong at k1"):
        decrypt_secret(bytes(encrypted), ENCRYPTION_KEY, kid="k1")


def test_another_key_file_opens_nothing():
    with pytest.raises(SurroundingsError, match="key-file-wrong"):
        decrypt_secret(encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k1"), bytes(32), kid="k1")


def test_a_secret_put_under_another_name_does_not_open():
    with pytest.raises(SurroundingsError, match="key-file-wrong"):
        decrypt_secret(encrypt_secret(SECRET, ENCRYPTION_KEY, kid="k1"), ENCRYPTION_KEY, kid="k2")


def test_a_truncated_secret_does_not_open():
    with pytest.raises(SurroundingsError, match="key-file-wrong"):
        decrypt_secret(b"", ENCRYPTION_KEY, kid="k1")


def test_the_file_is_this_user_s_alone(key_file):
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700


def test_a_loose_umask_changes_nothing(tmp_path):
    before = os.umask(0)
    try:
        make_key_file(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_file_that_exists_is_never_overwritten(key_file):
    before = key_file.read_bytes()
    assert make_key_file(key_file) == read_key_file(key_file)
    assert key_file.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o606, 0o644, 0o601])
def test_a_file_that_others_may_touch_is_refused(key_file, mode):
    key_file.chmod(mode)
    assert refused(key_file) == "key-file-too-open"


def test_a_read_only_file_is_taken(key_file):
    key_file.chmod(0o400)
    assert len(read_key_file(key_file)) == 32


def test_a_missing_file_is_said_so(tmp_path):
    assert refused(tmp_path / "none") == "key-file-missing"


@pytest.mark.parametrize("content", [b"", b"abc\n", b"\xff" * 32, b"A" * 44, b"A" * 42 + b"=", b"x" * 10_000])
def test_a_file_that_holds_no_key_is_refused(key_file, content):
    key_file.write_bytes(content)
    assert refused(key_file) == "key-file-unreadable"


def test_a_folder_is_no_key_file(tmp_path):
    assert refused(tmp_path) == "key-file-unreadable"


def test_where_no_file_can_be_made_it_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SurroundingsError, match="key-file-unwritable"):
        make_key_file(tmp_path / "file" / "key")
