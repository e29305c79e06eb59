"""More questions than anybody would write by hand, so that what is meant for many is tried."""

from csts.intents.topics import Topic

_THINGS = ("card", "parcel", "refund", "login", "invoice", "printer", "transfer", "voucher")
_ASKS = ("how do i get", "where is", "what about", "i have lost", "please check", "i never saw", "tell me about")
_WHICH = ("my", "the new", "another", "our first", "that old", "the second")
_WHEN = ("today", "since monday", "last week", "again", "abroad", "at home", "this morning", "in the app")


def question(topic: int, turn: int) -> str:
    ask, which, when = (words[turn // step % len(words)] for words, step in ((_ASKS, 1), (_WHICH, 7), (_WHEN, 42)))
    return f"{ask} {which} {_THINGS[topic]} {when}"


def crowd() -> list[Topic]:
    """Eight topics with some three hundred examples each."""
    return [
        Topic(f"topic-{number}", thing, "", [question(number, turn) for turn in range(300)])
        for number, thing in enumerate(_THINGS)
    ]
