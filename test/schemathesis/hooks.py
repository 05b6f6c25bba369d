"""Hooks of schemathesis: they reach every route and connect to no other machine."""

import ipaddress
import itertools
import json
import os

import schemathesis
from hypothesis import strategies as st

# Ids of what the suite has made, by the beginning of the path.
IDS = json.loads(os.environ["MAILSAGE_IDS"])
# Nobody listens here: what a route connects to never leaves this machine.
CLOSED_PORT = 9
PRIVATE_KEY = os.environ["MAILSAGE_DKIM_KEY"]
# The suite is a trusted proxy, and each request comes from another client: an address that sends
# many wrong keys waits, and is answered 429 instead of 401.
clients = itertools.count(int(ipaddress.ip_address("198.18.0.1")))

names = st.sampled_from(["", "Ann ", '"Lee, Ann" ', "Jörg "])


@st.composite
def mailboxes(draw):
    address = draw(st.emails())
    name = draw(names)
    return f"{name}<{address}>" if name else address


schemathesis.openapi.format("mailbox", mailboxes())
schemathesis.openapi.format("mailboxes", st.lists(mailboxes(), min_size=1, max_size=3).map(", ".join))
schemathesis.openapi.format("sender-rule", st.emails() | st.just("example.com"))
schemathesis.openapi.format("rsa-private-key", st.just(PRIVATE_KEY))
schemathesis.openapi.media_type(
    "message/rfc822",
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200).map(
        lambda text: f"Subject: Hello\r\nFrom: ann@example.com\r\n\r\n{text}".encode()
    ),
)


schemathesis.openapi.format(
    "http-url", st.integers(0, 99).map(lambda number: f"http://127.0.0.1:{CLOSED_PORT}/{number}")
)

# Refusals of requests that keep to their schema, because of a rule that a schema cannot say.
BEYOND_SCHEMAS = (
    "Failed to control job",  # The job has ended: only the stored job says so.
    "must be before",  # The order of two fields.
    "The span has too many",  # The length of the time between two fields.
    "The template has a syntax error",  # The grammar of the template language.
    "at most a year ahead",  # The distance of a time from now.
    "has a field named “__proto__”",  # A name at any depth, also inside unknown fields.
    "contradicts “key_type”",  # Two names of one field, which must agree.
    "is set by MailSage",  # Header names in any case, and any that begin with a prefix.
)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if failure.code != "ST202" or response.status_code != 400:
        return True
    return not any(words in response.text for words in BEYOND_SCHEMAS)


@schemathesis.hook
def before_call(context, case, kwargs):
    # A request that breaks the document is sent as it is, without a header that it should lack.
    if case.meta is not None and not case.meta.generation.mode.is_negative:
        name_real_ids(case)
        case.headers["X-Forwarded-For"] = str(ipaddress.ip_address(next(clients)))
    stay_here(case.body)
    if case.path == "/v1/inbox/wait" and isinstance(case.query, dict):
        # A wait that finds nothing is held for as long as it says.
        case.query["timeout"] = "0"
    if case.path == "/v1/settings" and isinstance(case.body, dict) and "capture_paused" in case.body:
        # While capture is paused every send is answered 503, as it should be.
        if case.body["capture_paused"] is True:
            case.body["capture_paused"] = False


def name_real_ids(case):
    """An id that is not there answers 404, and the route behind it is never seen."""
    if case.method == "DELETE" or not case.path_parameters:
        return
    # By now they are percent-encoded, and would be held against the lengths of the schema as such.
    if any("%" in str(value) for value in case.path_parameters.values()):
        return
    for beginning, ids in IDS.items():
        if not case.path.startswith(beginning):
            continue
        for name, value in case.path_parameters.items():
            if name in ids and is_usable(value):
                case.path_parameters[name] = ids[name]


def is_usable(value):
    return isinstance(value, (str, int)) and 0 < len(str(value)) <= 64


def stay_here(body):
    if isinstance(body, list):
        for part in body:
            stay_here(part)
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        if name == "host" and isinstance(value, str) and 0 < len(value.strip()) <= 253:
            body[name] = "127.0.0.1"
            if isinstance(body.get("port"), int) and 0 < body["port"] < 65536:
                body["port"] = CLOSED_PORT
        elif name in ("url", "access_url") and isinstance(value, str) and value.startswith("http"):
            body[name] = f"http://127.0.0.1:{CLOSED_PORT}/"
        else:
            stay_here(value)
