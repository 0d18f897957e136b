"""docs/signaling.md, word by word, over real WebSockets."""

from tests.support.service import ITEM, ITEM_NAME, STATION, STREET, Desks


async def test_a_consultation_from_the_call_to_its_outcome(desks: Desks) -> None:
    station, clerk = await desks.open("zhan1"), await desks.open("jie1")
    await station.request("call", item=ITEM)
    told = await station.consultation(state="ringing")
    id = told["id"]
    assert told["item"] == {"code": ITEM, "name": ITEM_NAME}
    assert told["station"] == {"code": STATION, "name": "甲一社区"}
    assert told["street"] == {"code": STREET, "name": "甲街道"}
    assert (told["position"], told["clerks"], told["otherPresent"]) == (1, {"present": 1, "free": 1}, False)
    assert "iceServers" not in told

    (ticket,) = (await clerk.until("queue", lambda m: bool(m["tickets"])))["tickets"]
    assert ticket == {
        "consultation": id,
        "state": ticket["state"],
        "item": told["item"],
        "station": told["station"],
        "socialWorker": {"name": "示例·安小槐", "number": "S001"},
        "openedAt": told["openedAt"],
    }
    await clerk.request("claim", consultation=id)
    told = await station.consultation(state="connecting")
    assert told["clerk"] == {"name": "示例·和大林", "number": "J001"}
    assert (told["position"], told["otherPresent"]) == (None, True)
