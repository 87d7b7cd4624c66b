"""Alerts and a real mail server on 127.0.0.1 that can be told to misbehave."""

import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from histories import ACME, MADE

from tracker.model import Alert, History, Subscriber, Subscription

SITE = "https://changes.example/"
ANNA = Subscriber("mail", "anna@example.org", Subscription(("anna@example.org",)))


def alert(*histories: History, to: Subscriber = ANNA, **more) -> Alert:
    return Alert(to, MADE, changed=histories, **more)


def acme(changes: int = 1) -> History:
    """Acme with the first of its changes alone, the gravest clause first, as it is decided."""
    first = ACME.changes[0]
    ranked = replace(first, clauses=tuple(sorted(first.clauses, key=lambda c: -c.severity)))
    return replace(ACME, changes=(ranked, *ACME.changes[1:])[:changes])


def read(body: bytes):
    """A message as the standard library reads it."""
    return message_from_bytes(body, policy=policy.default)


class Mailbox(Controller):
    """`received` are the messages accepted: (recipient, bytes), in order.

        with Mailbox() as box:
            box.answers["RCPT"] = ["451 greylisted"]

    Queued answers stand in for the server's own, once each; an answer may be a function of the
    session, to hang up or be slow.
    """

    def __init__(self, *, certificate: trustme.LeafCert | None = None, tls: str = "none") -> None:
        self.received: list[tuple[str, bytes]] = []
        self.answers: dict[str, list[object]] = {}
        self.refused: dict[str, str] = {}  # recipient -> answer, every time
        self.logins: list[tuple[bytes, bytes]] = []
        self.connections = 0
        self._tls = tls
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
        self._context = context
        super().__init__(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=context if tls == "tls" else None,
        )

    def factory(self):
        self.connections += 1
        return SMTP(
            self,
            hostname="box.example",
            enable_SMTPUTF8=True,
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    def _trigger_server(self) -> None:
        """Port 0: the one the system gave."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self) -> "Mailbox":
        self.start()
        self.connections = 0  # the controller tried one itself
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _authenticate(self, server, session, envelope, mechanism, data) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"secret", handled=False)

    def _next(self, verb: str, server: SMTP) -> str | None:
        waiting = self.answers.get(verb)
        answer = waiting.pop(0) if waiting else None
        return answer(server) if isinstance(answer, Callable) else answer

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := self._next("MAIL", server):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refusal := self.refused.get(address) or self._next("RCPT", server):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Accepted before the answer: an answer that is lost loses no message."""
        refusal = self._next("DATA", server)
        if refusal is None or refusal == "":
            self.received += [(to, envelope.content) for to in envelope.rcpt_tos]
        return refusal or "250 OK"


def hang_up(server: SMTP) -> str:
    """The message is taken, the connection gone before the answer."""
    server.transport.abort()
    return ""


def late(seconds: float) -> Callable[[SMTP], str]:
    def answer(server: SMTP) -> str:
        time.sleep(seconds)
        return ""

    return answer
