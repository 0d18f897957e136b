from consult.signaling import BURST, SUSTAINED, Bucket


def test_a_burst_is_let_through_and_no_more() -> None:
    bucket = Bucket(100.0)
    assert [bucket.take(100.0) for _ in range(int(BURST) + 3)] == [True] * int(BURST) + [False] * 3
    assert bucket.overruns == 3


def test_in_the_long_run_it_is_so_many_a_second() -> None:
    bucket = Bucket(0.0)
    while bucket.take(0.0):
        pass
    taken = sum(bucket.take(step / 1000) for step in range(1, 10_001))
    assert abs(taken - 10 * SUSTAINED) <= 1


def test_rest_refills_it_to_the_burst_and_not_beyond() -> None:
    bucket = Bucket(0.0)
    while bucket.take(0.0):
        pass
    assert sum(bucket.take(1_000.0) for _ in range(1_000)) == BURST


def test_rest_forgives_what_went_over() -> None:
    bucket = Bucket(0.0)
    while bucket.take(0.0):
        pass
    bucket.take(1_000.0)
    assert bucket.overruns == 0
