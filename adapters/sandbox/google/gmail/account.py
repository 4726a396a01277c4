"""What belongs to the account as a whole: profile, sender addresses, vacation answer, push notifications."""

from datetime import timedelta

from adapters.sandbox.google.accounts import Account
from adapters.sandbox.google.errors import invalid, not_found
from adapters.sandbox.google.gmail.call import Call, Json

_WATCHED_FOR = timedelta(days=7)


def profile(call: Call) -> Json:
    counted = call.world.store.row(
        "select count(*) as messages, count(distinct thread_id) as threads from gmail_messages where account = ?",
        call.account,
    )
    return {
        "emailAddress": call.account,
        "messagesTotal": counted["messages"] if counted else 0,
        "threadsTotal": counted["threads"] if counted else 0,
        "historyId": str(call.google.mailboxes.history_id(call.account)),
    }


def send_as_list(call: Call) -> Json:
    return {"sendAs": _senders(call.google.accounts.get(call.account))}


def send_as_get(call: Call) -> Json:
    wanted = call.path["sendAsEmail"].lower()
    for sender in _senders(call.google.accounts.get(call.account)):
        if sender["sendAsEmail"] == wanted:
            return sender
    raise not_found()


def vacation(call: Call) -> Json:
    return {"enableAutoReply": False}


def watch(call: Call) -> Json:
    """The shape of an answer alone: nothing is pushed, callers have to poll."""
    topic = call.body.get("topicName")
    if not isinstance(topic, str) or not topic.startswith("projects/") or "/topics/" not in topic:
        raise invalid("Invalid topicName does not match projects/{project}/topics/{topic}")
    until = call.world.clock.system() + _WATCHED_FOR
    return {
        "historyId": str(call.google.mailboxes.history_id(call.account)),
        "expiration": str(int(until.timestamp() * 1000)),
    }


def stop(call: Call) -> None:
    """Always succeeds, watched or not."""


def _senders(account: Account) -> list[Json]:
    primary: Json = {
        "sendAsEmail": account.address,
        "displayName": account.name,
        "replyToAddress": "",
        "signature": account.signature,
        "isPrimary": True,
        "isDefault": True,
    }
    return [primary, *(_alias(alias, account.name) for alias in account.aliases)]


def _alias(address: str, name: str) -> Json:
    return {
        "sendAsEmail": address,
        "displayName": name,
        "replyToAddress": "",
        "signature": "",
        "treatAsAlias": True,
        "verificationStatus": "accepted",
    }
