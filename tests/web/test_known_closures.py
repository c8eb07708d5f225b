"""The closures kept ready in a process are at every version those of the register, and only what changed is read."""

from dataclasses import replace

from geodata.closures import register
from geodata.closures.register import import_closures, list_closures
from geodata.store import transaction
from tests.closure_cases import HQ, NOON, closed, hours, says, sees
from web import known_closures
from web.known_closures import KnownClosures

CLOSURES = (closed("c1", decisions=[says(HQ)]), closed("c2", id="a2"), closed("c3", id="z3"))


def change(store, *closures):
    with transaction(store, writes=True) as connection:
        import_closures(connection, closures, NOON)


def look(store, known, *, keeps=True):
    with transaction(store, writes=False) as connection:
        found = known.list(connection, keeps=keeps)
        assert found == list_closures(connection)
    return found


def test_after_every_change_they_are_those_of_the_register(small_site):
    known = KnownClosures()
    assert look(small_site.store, known) == ()
    change(small_site.store, *CLOSURES)
    look(small_site.store, known)
    change(small_site.store, replace(CLOSURES[1], observations=(sees("open", hours(1)),)), closed("n1", id="m9"))
    assert [one.id for one in look(small_site.store, known)] == ["a2", "m9", "z1", "z3"]


def test_only_what_changed_is_read_again(small_site, monkeypatch):
    known = KnownClosures()
    change(small_site.store, *CLOSURES)
    look(small_site.store, known)
    asked = []
    monkeypatch.setattr(
        known_closures, "list_closures", lambda *words: asked.append(words[1:]) or register.list_closures(*words)
    )
    look(small_site.store, known)
    change(small_site.store, replace(CLOSURES[2], barrier="movable"))
    look(small_site.store, known)
    assert asked == [(("z3",),)]


def test_what_a_writer_reads_is_not_kept_for_others(small_site):
    known = KnownClosures()
    look(small_site.store, known)
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, CLOSURES, NOON)
        assert len(known.list(connection, keeps=False)) == 3
        connection.get_transaction().rollback()
    change(small_site.store, CLOSURES[0])
    assert [one.id for one in look(small_site.store, known)] == ["z1"]
