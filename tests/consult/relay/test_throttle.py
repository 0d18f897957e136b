from consult.relay.throttle import Throttle


def test_one_source_gets_its_share_of_a_second() -> None:
    throttle = Throttle(per_source=2, total=10)
    assert [throttle.allow("192.0.2.1", 5.0) for _ in range(3)] == [True, True, False]
    assert throttle.allow("192.0.2.2", 5.9)
    assert throttle.allow("192.0.2.1", 6.0)


def test_all_sources_together_are_bounded() -> None:
    throttle = Throttle(per_source=2, total=3)
    allowed = [throttle.allow(f"192.0.2.{host}", 5.0) for host in range(10)]
    assert allowed == [True] * 3 + [False] * 7
    assert throttle.allow("192.0.2.200", 6.0)
