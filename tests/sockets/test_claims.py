"""Two clerks press answer in the same instant: exactly one has it."""

import asyncio
from collections import Counter

from tests.support.desk import DeskClient, RequestError
from tests.support.service import ITEM, Desks

ROUNDS = 200


async def test_of_two_claims_in_one_instant_exactly_one_is_done(desks: Desks) -> None:
    station = await desks.open("zhan1")
    won: Counter[str] = Counter()
    for number in range(ROUNDS):
        if number % 50 == 0:
            # The rate is a connection's own, and honest clerks are slower than these.
            clerks = {login: await desks.open(login) for login in ("jie1", "jie2")}
        id = await desks.call(station, item=ITEM)
        asked = [clerks["jie1"], clerks["jie2"]][:: 1 if number % 2 else -1]
        answers = await asyncio.gather(*(_claim(clerk, id) for clerk in asked))
        assert sorted(answers) == ["already_claimed", "done"]
        winner = asked[answers.index("done")]
        told = await station.consultation(id=id, state="connecting")
        (login,) = (login for login, clerk in clerks.items() if clerk is winner)
        assert told["clerk"]["number"] == {"jie1": "J001", "jie2": "J002"}[login]
        won[login] += 1
        await winner.request("end", consultation=id, outcome="advised")
    claims = "SELECT consultation, count(*) AS n FROM events WHERE event = 'claim' GROUP BY consultation"
    assert [row["n"] for row in desks.place.rows(claims)] == [1] * ROUNDS
    clerked = desks.place.rows("SELECT clerk, count(*) AS n FROM consultations GROUP BY clerk")
    assert {row["clerk"]: row["n"] for row in clerked} == won


async def _claim(clerk: DeskClient, id: str) -> str:
    try:
        await clerk.request("claim", consultation=id)
    except RequestError as error:
        return error.code
    return "done"
