"""Webhooks, chats, monitors: what leaves, and what becomes of refusals."""

import base64
import hashlib
import hmac
import json
import sys

import jsonschema
import pytest
from histories import NAMES
from mailboxes import SITE, acme, alert
from receivers import LATE, receiving
from support import ROOT, at

from tracker.errors import NoService, SendError, StoreError, Unconfirmed
from tracker.model import Delivery, Subscriber, Subscription
from tracker.pipeline import alerting
from tracker.publish import metrics, ping
from tracker.publish.chat import ChatCourier
from tracker.publish.message import Sender
from tracker.publish.metrics import Metric
from tracker.publish.webhook import WebhookCourier, label, signature

NOW = at("2020-01-01T08:00Z")


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


def delivery(body=b'{"a": 1}'):
    return Delivery("1@example.org", "webhook", "hook", "acme/privacy 1..2", body, NOW)


def courier(receiver, secret="s3cret", **more):
    slept = []
    made = WebhookCourier(
        receiver.url, secret, clock=lambda: 1_577_865_600.9, sleep=slept.append, **more
    )
    return made, slept


def test_a_webhook_gets_signed_json(receiver):
    courier(receiver)[0].send(delivery(), lambda: None)
    ((path, headers, body),) = receiver.got
    headers = {name.lower(): value for name, value in headers.items()}
    assert (path, body, headers["content-type"]) == (
        "/hook?token=secret", b'{"a": 1}', "application/json",
    )  # fmt: skip
    signed = b'1@example.org.1577865600.{"a": 1}'
    expected = base64.b64encode(hmac.new(b"s3cret", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-id"] == "1@example.org"
    assert headers["webhook-timestamp"] == "1577865600"
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_standards_own_example():
    """From the specification at standardwebhooks.com: known by every library that verifies it."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_what_may_come_right_is_tried_three_times_under_one_id(receiver):
    receiver.answers = [503, None]
    made, slept = courier(receiver)
    made.send(delivery(), lambda: None)
    assert [headers["webhook-id"] for _, headers, _ in receiver.got] == ["1@example.org"] * 3
    assert slept == [1.0, 5.0]


@pytest.mark.parametrize(
    ("answers", "kind", "permanent", "tries"),
    [
        ([503] * 9, SendError, False, 3),
        ([404] * 9, SendError, False, 3),
        ([302] * 9, SendError, False, 3),
        ([410], SendError, True, 1),
        ([422], SendError, True, 1),
    ],
)
def test_refusals_of_a_webhook(receiver, answers, kind, permanent, tries):
    receiver.answers = answers
    with pytest.raises(kind) as refused:
        courier(receiver)[0].send(delivery(), lambda: None)
    assert (refused.value.permanent, len(receiver.got)) == (permanent, tries)
    assert "secret" not in str(refused.value)


def test_a_webhook_that_is_not_there_or_too_slow(receiver):
    with receiving() as gone:
        pass
    with pytest.raises(SendError, match="no connection"):
        courier(gone)[0].send(delivery(), lambda: None)
    receiver.answers = [LATE] * 3
    with pytest.raises(Unconfirmed):
        courier(receiver, timeout=0.1)[0].send(delivery(), lambda: None)


def test_nothing_is_sent_unsigned(receiver):
    with pytest.raises(NoService, match="TRACKER_WEBHOOK_SECRET"):
        courier(receiver, secret="")[0].send(delivery(), lambda: None)
    assert receiver.got == []


def desk():
    return alerting.Desk((), Sender("alerts@example.org"), {}, NAMES, SITE)


def test_each_change_is_a_post_with_a_report_of_it():
    hook = Subscriber("webhook", "hook", Subscription(("hook",)))
    (first, second) = alerting.deliveries(desk(), alert(acme(changes=2), to=hook))
    assert first.id != second.id
    report = json.loads(first.body)
    (policy,) = report["policies"]
    schema = (ROOT / "tracker" / "render" / "report.schema.json").read_text()
    jsonschema.validate(report, json.loads(schema))
    assert [(change["from"], change["to"]) for change in policy["changes"]] == [(1, 2)]
    assert [version["number"] for version in policy["versions"]] == [1, 2]


def test_a_label_does_not_tell_the_secret():
    assert "token" not in label("https://user:pw@hooks.example/T0?token=x")
    assert "pw" not in label("https://user:pw@hooks.example/T0?token=x")


# Chats; Apprise imports a module that Python 3.13 dropped

APPRISE = pytest.mark.filterwarnings("ignore:'imghdr'")


@APPRISE
def test_a_chat_gets_subject_and_text_through_apprise(receiver):
    url = receiver.url.replace("http:", "json:").partition("?")[0]
    chat = Subscriber("chat", label(url), Subscription((label(url),)))
    (message,) = alerting.deliveries(desk(), alert(acme(), to=chat))
    ChatCourier((url,)).send(message, lambda: None)
    ((_, _, body),) = receiver.got
    sent = json.loads(body)
    assert sent["title"].startswith("Acme <Privacy>: personalised advertising REVERSED")
    assert "We use your data to show personalised advertising." in sent["message"]


@APPRISE
def test_a_chat_that_is_gone_from_the_settings_is_refused_for_good():
    with pytest.raises(SendError, match="no longer in") as refused:
        ChatCourier(()).send(delivery(), lambda: None)
    assert refused.value.permanent


@APPRISE
def test_an_unknown_kind_of_chat_is_named():
    url = "nosuch://x"
    message = Delivery("1@x", "chat", label(url), "s", b'{"title":"t","text":"b"}', NOW)
    with pytest.raises(NoService, match="does not know this kind of URL"):
        ChatCourier((url,)).send(message, lambda: None)


def test_a_chat_without_the_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(NoService, match=r"pip install 'policy-tracker\[apprise\]'"):
        ChatCourier(("json://x",)).send(delivery(), lambda: None)


# Monitors


def test_pings_tell_start_end_and_failure(receiver):
    url = receiver.url.partition("?")[0]
    assert [ping.ping(url, event) for event in ("start", "success", "fail")] == ["", "", ""]
    assert [path for path, _, _ in receiver.got] == ["/hook/start", "/hook", "/hook/fail"]


def test_a_ping_that_fails_is_told_and_is_no_error(receiver):
    receiver.answers = [500]
    assert "answered 500" in ping.ping(receiver.url, "success")
    with receiving() as gone:
        pass
    assert "ConnectionError" in ping.ping(gone.url, "success")


def test_a_metrics_file_is_replaced_whole_and_readable_by_the_exporter(tmp_path):
    path = tmp_path / "textfile" / "tracker.prom"
    metrics.write(path, [Metric("a", "Help.", {(("what", 'q"\\\n'),): 1e9 + 1, (): 2})])
    assert path.read_text() == (
        '# HELP a Help.\n# TYPE a gauge\na{what="q\\"\\\\\\n"} 1000000001\na 2\n'
    )
    assert (path.stat().st_mode & 0o777, [one.name for one in path.parent.iterdir()]) == (
        0o644, ["tracker.prom"],
    )  # fmt: skip


def test_a_metrics_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"mend \[run\] metrics"):
        metrics.write(tmp_path / "file" / "x.prom", [])
