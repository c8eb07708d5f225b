from geodata.once import Once


class Thing(Once):
    def __init__(self, name):
        self.name = name


def test_what_is_derived_is_made_once_for_each_thing():
    made = []

    def upper(thing):
        made.append(thing.name)
        return thing.name.upper()

    one, other = Thing("a"), Thing("b")
    assert [one.once(upper), one.once(upper), other.once(upper)] == ["A", "A", "B"]
    assert made == ["a", "b"]


def test_two_makers_are_kept_apart():
    thing = Thing("a")
    assert (thing.once(repr), thing.once(id)) == (repr(thing), id(thing))
