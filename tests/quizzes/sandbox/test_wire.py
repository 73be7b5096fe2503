"""Values between the tests and the code: as they were sent, shared as they were shared, and never more than data."""

import socket
import threading
from collections import namedtuple
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quizzes.sandbox.peer import Peer

Point = namedtuple("Point", "x y")

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)
arrays = hnp.arrays(
    dtype=hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes(sizes=(32, 64))
    | hnp.complex_number_dtypes(),
    shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


class Pair:
    """Two peers in two threads of this process; `call` has the other one call a function of its own."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair()
        self.tests = Peer(self.ours, "tests", opens=lambda thing: type(thing).__module__ == "tests")
        self.code = Peer(theirs, "code", opens=lambda thing: True)
        self.code.write(self._do)
        self.function = lambda *values: None
        self.thread = threading.Thread(target=self.code.serve, daemon=True)
        self.thread.start()
        self.remote = self.tests.read(["handle", "code", 0, ["__call__"], "do"])

    def _do(self, *values: object, **named: object) -> object:
        return self.function(*values, **named)

    def call(self, function, *values, **named):
        self.function = function
        return self.remote(*values, **named)

    def close(self) -> None:
        self.ours.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.ours.close()
        self.code._wire._connection.close()


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.close()


@given(value=plain)
@settings(max_examples=200)
def test_plain_values_come_back_as_they_were(pair, value):
    assert repr(pair.call(lambda x: x, value)) == repr(value)


@given(value=arrays)
@settings(max_examples=200)
def test_arrays_come_back_as_they_were(pair, value):
    seen = pair.call(lambda x: (x.dtype.str, x.shape, x.copy()), value)
    assert seen[0] == value.dtype.str
    assert seen[1] == value.shape
    np.testing.assert_array_equal(seen[2], value)


def test_sets_ranges_slices_and_types_come_back(pair):
    value = (
        {1, 2},
        frozenset({"a"}),
        range(1, 9, 2),
        slice(None, 3),
        ...,
        np.float32,
        int,
        np.dtype("int8"),
        np.int16(7),
    )
    assert pair.call(lambda x: x, value) == value


def test_a_result_that_is_an_argument_is_the_same_object(pair):
    x, held = np.arange(3.0), [1]
    out, same = pair.call(lambda a, b: (a, b), x, held)
    assert out is x
    assert same is held


def test_a_view_shares_memory_and_a_copy_does_not(pair):
    x = np.arange(6.0).reshape(2, 3)
    assert np.shares_memory(pair.call(lambda a: a.T[1:], x), x)
    assert not np.shares_memory(pair.call(lambda a: a.T[1:].copy(), x), x)
    np.testing.assert_array_equal(pair.call(lambda a: a[:, ::-1], x), x[:, ::-1])


def test_changes_in_place_arrive(pair):
    x, items, facts, rng = np.zeros((2, 2)), [1], {"a": [1]}, np.random.default_rng(3)

    def change(a, b, c, r):
        a[0, 1] = 5
        b.append(2)
        c["a"].append(3)
        c["new"] = a
        return r.normal()

    drawn = pair.call(change, x, items, facts, rng)
    assert x[0, 1] == 5
    assert items == [1, 2]
    assert facts["a"] == [1, 3]
    assert facts["new"] is x
    again = np.random.default_rng(3)
    assert drawn == again.normal()
    assert rng.normal() == again.normal()


def test_changes_are_seen_by_a_function_called_meanwhile(pair):
    x = np.zeros(2)
    seen = pair.call(lambda a, f: [a.__setitem__(0, k) or f() for k in (1.0, 2.0)], x, lambda: float(x.sum()))
    assert seen == [1.0, 2.0]


def test_functions_are_called_across_and_exceptions_come_back(pair):
    assert pair.call(lambda f: f(2) + 1, lambda v: v * 10) == 21
    assert pair.call(lambda: lambda v: v + 1)(4) == 5
    with pytest.raises(ZeroDivisionError):
        pair.call(lambda: 1 / 0)
    with pytest.raises(KeyError):
        pair.call(lambda f: f(), lambda: {}["missing"])
    with pytest.raises(np.linalg.LinAlgError):
        pair.call(lambda: np.linalg.inv(np.zeros((2, 2))))
    with pytest.raises(RuntimeError, match="Own: text"):
        pair.call(lambda: (_ for _ in ()).throw(type("Own", (Exception,), {})("text")))


def test_objects_stay_where_they_are_and_answer_from_there(pair):
    class Value:
        def __init__(self, data):
            self.data = data

        def __add__(self, other):
            return Value(self.data + (other.data if isinstance(other, Value) else other))

        def __len__(self):
            return 7

    make = pair.call(lambda: Value)
    a, b = make(2), make(3)
    assert (a + b).data == 5
    assert (a + 1).data == 3
    assert len(a) == 7
    assert isinstance(a, make)
    assert not isinstance(3, make)
    a.data = 10
    assert (a + b).data == 13
    with pytest.raises(TypeError):
        a * b
    assert list(pair.call(lambda: iter([1, 2]))) == [1, 2]
    assert pair.call(lambda: Point(1, 2)).y == 2


def test_the_tests_open_only_what_they_define(pair):
    with pytest.raises(AttributeError):
        pair.call(lambda f: f.__globals__, lambda: None)
    with pytest.raises(AttributeError):
        pair.call(lambda f: f._secret, Peer)
    with pytest.raises(TypeError):
        pair.call(lambda f: f, np)


def test_a_list_is_watched_for_what_it_holds_and_what_that_holds(pair):
    rows = [[1], [2]]
    pair.call(lambda held, f: f() or held[1].append(5), rows, lambda: rows[0].append(3))
    assert rows == [[1, 3], [2, 5]]
    pair.call(lambda held: held.__setitem__(0, True) or held.__setitem__(1, np.nan), rows)
    assert rows[0] is True
    assert np.isnan(rows[1])


def test_a_value_that_cannot_be_sent_leaves_the_call_as_it_was(pair):
    x, items = np.zeros(2), [1]

    def change_and_fail(a, b, send):
        a[0] = 1
        b.append(2)
        with pytest.raises(TypeError):
            send([3], np)
        return a, b, [4]

    answer = pair.call(change_and_fail, x, items, lambda *values: values)
    assert answer[0] is x
    assert answer[1] is items
    assert (x[0], items, answer[2]) == (1, [1, 2], [4])


def test_drawing_from_the_global_generator_is_seen(pair):
    before = np.random.get_state()[1].tobytes(), np.random.get_state()[2]
    pair.call(lambda: None)
    assert (np.random.get_state()[1].tobytes(), np.random.get_state()[2]) == before


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_kind_of_generator_goes_on_where_it_was(pair, kind):
    rng, again = (np.random.Generator(getattr(np.random, kind)(5)) for _ in range(2))
    assert pair.call(lambda r: [r.normal() for _ in range(3)], rng) == [again.normal() for _ in range(3)]
    assert rng.integers(10**9) == again.integers(10**9)


def test_warnings_and_error_settings_go_along(pair):
    with pytest.warns(RuntimeWarning, match="overflow"):
        pair.call(lambda: np.exp(np.array([1e4])))
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        pair.call(lambda: np.exp(np.array([1e4])))


@pytest.mark.parametrize(
    "message", [b"", b"\x00" * 8, b"\xff" * 8, b"\x00\x00\x00\x02\x00\x00\x00\x00{}", b"GET / HTTP/1.1\r\n\r\n"]
)
def test_junk_closes_the_connection_and_nothing_else(message):
    ours, theirs = socket.socketpair()
    peer = Peer(ours, "tests", opens=lambda thing: False)
    theirs.sendall(message)
    theirs.shutdown(socket.SHUT_WR)
    peer.serve()
    ours.close()
    theirs.close()


@given(
    node=st.recursive(st.none() | st.integers() | st.text(max_size=12), lambda n: st.lists(n, max_size=4), max_leaves=6)
)
@settings(max_examples=200)
def test_any_answer_of_the_other_side_is_data_or_closes_the_connection(node):
    import json

    ours, theirs = socket.socketpair()
    peer = Peer(ours, "tests", opens=lambda thing: False)
    text = json.dumps(["ask", node, [], [], {}]).encode()
    theirs.sendall(len(text).to_bytes(4, "big") + bytes(4) + text)
    theirs.shutdown(socket.SHUT_WR)
    peer.serve()
    ours.close()
    theirs.close()
