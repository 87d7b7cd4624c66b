"""Messages over real connections: what a server may do to us, and what we make of it."""

import stat
import sys

import pytest
import trustme
from mailboxes import Mailbox, hang_up, late, read
from support import at

from tracker.errors import NoService, SendError, Unconfirmed
from tracker.model import Delivery, Letter
from tracker.publish.local import FolderCourier, NoCourier, SendmailCourier
from tracker.publish.message import Sender, compose
from tracker.publish.smtp import SmtpCourier, SmtpSettings

NOW = at("2020-01-01T08:00Z")
SENDER = Sender("alerts@example.org")


def delivery(to="anna@example.org", number=1, text="Hello.\n"):
    letter = Letter(f"Number {number}", text, "<p>Hello.</p>")
    identifier = f"{number}@example.org"
    body = compose(letter, SENDER, to, identifier, NOW)
    return Delivery(identifier, "mail", to, letter.subject, body, NOW)


def courier(box, **more):
    settings = {"host": "127.0.0.1", "sender": "alerts@example.org", "port": box.port,
                "security": "none", "timeout": 5}  # fmt: skip
    return SmtpCourier(SmtpSettings(**{**settings, **more}))


def send(box, *deliveries, risked=None, **more):
    """What each came to: None or the error."""
    outcomes = []
    with courier(box, **more) as open_courier:
        for one in deliveries or (delivery(),):
            try:
                open_courier.send(one, lambda: risked is not None and risked.append(1))
            except SendError as error:
                outcomes.append(error)
            else:
                outcomes.append(None)
    return outcomes


@pytest.fixture
def box():
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """A private authority, trusted as users do it."""
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


def test_a_message_arrives_as_it_is(box):
    text = ".\n..dots\nFrom here\n" + "long " * 300 + "\nÜnï\n"
    assert send(box, delivery(text=text)) == [None]
    ((to, body),) = box.received
    assert (to, body) == ("anna@example.org", delivery(text=text).body)
    assert read(body).get_body(("plain",)).get_content().replace("\r\n", "\n") == text


def test_one_connection_carries_all(box):
    assert send(box, delivery(number=1), delivery(number=2), delivery(number=3)) == [None] * 3
    assert (len(box.received), box.connections) == (3, 1)


def test_a_second_round_connects_again(box):
    again = courier(box)
    for number in (1, 2):
        with again:
            again.send(delivery(number=number), lambda: None)
    assert (len(box.received), box.connections) == (2, 2)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_with_a_password(authority, trusted, security):
    certificate = authority.issue_cert("127.0.0.1")
    with Mailbox(certificate=certificate, tls=security) as box:
        assert send(box, security=security, user="anna", password="secret") == [None]
    assert (len(box.received), box.logins) == (1, [(b"anna", b"secret")])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_gets_no_message_and_no_password(authority, security):
    certificate = authority.issue_cert("127.0.0.1")
    with Mailbox(certificate=certificate, tls=security) as box:
        (error,) = send(box, security=security, user="anna", password="secret")
    assert isinstance(error, NoService)
    assert "SSL_CERT_FILE" in str(error)
    assert (box.received, box.logins) == ([], [])


def test_a_certificate_of_another_host_is_refused(authority, trusted):
    with Mailbox(certificate=authority.issue_cert("other.example"), tls="tls") as box:
        (error,) = send(box, security="tls")
    assert isinstance(error, NoService)


def test_a_server_without_starttls_gets_nothing(box):
    (error,) = send(box, security="starttls", user="anna", password="secret")
    assert isinstance(error, NoService)
    assert "mend [smtp] security" in str(error)
    assert (box.received, box.logins) == ([], [])


def test_a_wrong_password_is_named_and_not_shown(authority, trusted):
    with Mailbox(certificate=authority.issue_cert("127.0.0.1"), tls="starttls") as box:
        (error,) = send(box, security="starttls", user="anna", password="wrong")
    assert isinstance(error, NoService)
    assert "mend [smtp] user or TRACKER_SMTP_PASSWORD" in str(error)
    assert "wrong" not in f"{error}{SmtpSettings('h', 's', password='wrong')!r}"


def test_no_server_is_no_service():
    with Mailbox() as box:
        pass
    (error,) = send(box)
    assert isinstance(error, NoService)
    assert str(error).startswith(f"127.0.0.1:{box.port}: ")


def test_greylisting_delays(box):
    box.answers["RCPT"] = ["451 4.7.1 greylisted, try again later"]
    first, second = send(box, delivery("anna@example.org"), delivery("ben@example.org", 2))
    assert (first.permanent, second) == (False, None)
    assert "451 4.7.1 greylisted" in str(first)
    assert [to for to, _ in box.received] == ["ben@example.org"]


def test_a_refused_recipient_blocks_no_other(box):
    box.refused["gone@example.org"] = "550 5.1.1 no such user"
    risked = []
    first, second = send(box, delivery("gone@example.org"), delivery(number=2), risked=risked)
    assert (first.permanent, second, len(risked)) == (True, None, 1)
    assert str(first) == "550 5.1.1 no such user; mend the subscription"
    assert box.connections == 1


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("452 4.3.1 mailbox full", False), ("554 5.7.1 looks like spam", True)],
)
def test_a_message_refused_after_it_was_read(box, answer, permanent):
    box.answers["DATA"] = [answer]
    (error,) = send(box)
    assert (type(error), error.permanent) == (SendError, permanent)
    assert answer in str(error)


def test_a_sender_that_is_refused_concerns_every_message(box):
    box.answers["MAIL"] = ["553 5.7.1 not your address"]
    (error,) = send(box)
    assert isinstance(error, NoService)
    assert "refuses mail from alerts@example.org: 553 5.7.1 not your address" in str(error)


def test_a_server_that_closes(box):
    box.answers["RCPT"] = ["421 4.3.2 shutting down"]
    (error,) = send(box)
    assert isinstance(error, NoService)


def test_an_answer_lost_with_the_connection_is_unconfirmed(box):
    box.answers["DATA"] = [hang_up]
    first, second = send(box, delivery(number=1), delivery(number=2))
    assert (type(first), second) == (Unconfirmed, None)
    assert [read(body)["Subject"] for _, body in box.received] == ["Number 1", "Number 2"]


def test_an_answer_that_comes_too_late_is_unconfirmed(box):
    box.answers["DATA"] = [late(1.5)]
    (error,) = send(box, timeout=1)
    assert isinstance(error, Unconfirmed)


def test_a_connection_lost_before_the_message_certainly_brought_nothing(box):
    box.answers["RCPT"] = [lambda server: server.transport.abort() or "250 OK"]
    risked = []
    (error,) = send(box, risked=risked)
    assert (type(error), error.permanent, risked, box.received) == (SendError, False, [], [])


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(box):
    assert send(box, delivery("änna@bücher.example")) == [None]
    assert box.received[0][0] == "änna@xn--bcher-kva.example"


def test_a_failure_of_our_own_before_the_message_sends_nothing(box):
    """The state is written before the message goes; where it cannot be, the message does not."""

    def fails():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), courier(box) as open_courier:
        open_courier.send(delivery(), fails)
    assert box.received == []


# Other ways


def test_a_folder_holds_each_message_once(tmp_path):
    with FolderCourier(tmp_path / "out") as folder:
        folder.send(delivery(), lambda: None)
        folder.send(delivery(), lambda: None)
    (file,) = (tmp_path / "out").iterdir()
    assert (file.name, file.read_bytes()) == ("20200101-080000-1.eml", delivery().body)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoService, match=r"mend \[alerts\] folder"):
        FolderCourier(tmp_path / "file").send(delivery(), lambda: None)


SENDMAIL = """#!{python} -S
import sys
open({log!r}, "ab").write(repr(sys.argv[1:]).encode() + b"\\n" + sys.stdin.buffer.read())
print("said so", file=sys.stderr)
sys.exit({code})
"""


def sendmail(folder, code=0):
    script = folder / "sendmail"
    log = str(folder / "log")
    script.write_text(SENDMAIL.format(python=sys.executable, log=log, code=code))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return SendmailCourier(str(script), "alerts@example.org", timeout=20)


def test_sendmail_gets_address_and_message(tmp_path):
    sendmail(tmp_path).send(delivery(), lambda: None)
    arguments, _, body = (tmp_path / "log").read_bytes().partition(b"\n")
    assert arguments == b"['-i', '-f', 'alerts@example.org', '--', 'anna@example.org']"
    assert body == delivery().body.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(("code", "permanent"), [(75, False), (67, True), (1, False)])
def test_sendmail_says_why_not(tmp_path, code, permanent):
    with pytest.raises(SendError, match="said so") as refused:
        sendmail(tmp_path, code).send(delivery(), lambda: None)
    assert refused.value.permanent is permanent


def test_no_sendmail_is_no_service(tmp_path):
    with pytest.raises(NoService, match=r"mend \[alerts\] sendmail"):
        SendmailCourier(str(tmp_path / "none"), "a@b.org").send(delivery(), lambda: None)


def test_without_any_way_the_reason_is_told():
    with pytest.raises(NoService, match=r"set \[smtp\] host"):
        NoCourier("set [smtp] host").send(delivery(), lambda: None)
