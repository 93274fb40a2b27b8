"""Two Auth Tokens of one account: both open it, until one is promoted."""

from __future__ import annotations

from tests.simulator.conftest import Stage

ACCOUNT = "/2010-04-01/Accounts/{sid}.json"


def test_a_secondary_token_opens_the_account_and_takes_the_place_of_the_first(stage: Stage) -> None:
    peer = stage.peer("trial")
    assert peer.call("DELETE", "/v1/AuthTokens/Secondary").status == 404
    assert peer.call("POST", "/v1/AuthTokens/Promote").status == 404
    made = peer.call("POST", "/v1/AuthTokens/Secondary")
    assert made.status == 201
    second = (peer.sid, made.json["secondary_auth_token"])
    assert peer.get(ACCOUNT).status == peer.call("GET", ACCOUNT, login=second).status == 200
    assert peer.call("DELETE", "/v1/AuthTokens/Secondary").status == 204
    assert peer.call("GET", ACCOUNT, login=second).status == 401

    third = (peer.sid, peer.call("POST", "/v1/AuthTokens/Secondary").json["secondary_auth_token"])
    promoted = peer.call("POST", "/v1/AuthTokens/Promote", login=third)
    assert (promoted.status, promoted.json["auth_token"]) == (200, third[1])
    assert peer.get(ACCOUNT).status == 401
    assert peer.call("GET", ACCOUNT, login=third).status == 200


def test_the_live_account_has_one_from_the_start_and_says_so(stage: Stage) -> None:
    live = next(info for info in stage.simulator.accounts if info.label == "live")
    token = live.note.rpartition(": ")[2].rstrip(".")
    peer = stage.peer()
    assert peer.call("GET", ACCOUNT, login=(peer.sid, token)).status == 200
