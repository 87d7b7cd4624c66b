"""Hand messages to a mail server, one recipient each."""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from tracker.errors import NoService, SendError, Unconfirmed
from tracker.model import Delivery
from tracker.publish.message import ascii_domain

_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_BROKEN = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    sender: str
    port: int = 0  # 0: the usual one
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0


class SmtpCourier:
    """Connects when the first message is sent; certificates are verified. May be entered again."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._where = f"{settings.host}:{settings.port or _PORTS[settings.security]}"

    def __enter__(self) -> "SmtpCourier":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._smtp:
            try:
                self._smtp.quit()
            except _BROKEN:
                self._smtp.close()
            self._smtp = None

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        """Returns once the server took it. `at_risk` is called just before it may arrive; what
        fails earlier certainly did not."""
        smtp = self._smtp = self._smtp or self._connect()
        try:
            self._envelope(smtp, delivery.address)
            code, reply = smtp.docmd("DATA")
            if code != 354:
                raise self._refusal(code, reply)
        except _BROKEN as error:
            self._drop()
            raise SendError(f"{self._where}: {error}; it is tried again") from error
        except SendError as error:
            self._reset(error)
            raise
        self._hand_over(smtp, delivery, at_risk)

    def _hand_over(
        self, smtp: smtplib.SMTP, delivery: Delivery, at_risk: Callable[[], object]
    ) -> None:
        try:
            at_risk()
            smtp.send(_dotted(delivery.body))
            code, reply = smtp.getreply()
        except _BROKEN as error:
            self._drop()
            raise Unconfirmed(
                f"{self._where}: the answer to the message was lost ({error})"
            ) from error
        except BaseException:
            self._drop()  # a connection in the middle of a message is of no further use
            raise
        if code != 250:
            raise self._refusal(code, reply)

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        port = settings.port or _PORTS[settings.security]
        try:
            if settings.security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.host,
                    port,
                    timeout=settings.timeout,
                    context=ssl.create_default_context(),
                )
            else:
                smtp = smtplib.SMTP(settings.host, port, timeout=settings.timeout)
        except _BROKEN as error:
            raise self._no_service(error) from error
        try:
            if settings.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if settings.user:
                smtp.login(settings.user, settings.password)
            smtp.ehlo_or_helo_if_needed()
        except _BROKEN as error:
            smtp.close()
            raise self._no_service(error) from error
        return smtp

    def _no_service(self, error: Exception) -> NoService:
        return NoService(f"{self._where}: {_told(error)}; {_remedy(error)}")

    def _envelope(self, smtp: smtplib.SMTP, recipient: str) -> None:
        sender, to = _on_the_wire(self._settings.sender), _on_the_wire(recipient)
        options = []
        if not f"{sender}{to}".isascii():
            if not smtp.has_extn("smtputf8"):
                raise SendError(
                    f"{self._where} takes no such addresses (SMTPUTF8); "
                    "use another address, or another server",
                    True,
                )
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, reply = smtp.mail(sender, options)
        if code != 250:
            raise NoService(
                f"{self._where} refuses mail from {sender}: {_words(code, reply)}; "
                "mend [smtp] sender or user, or come back later"
            )
        code, reply = smtp.rcpt(to)
        if code not in (250, 251):
            raise self._refusal(code, reply)

    def _refusal(self, code: int, reply: bytes) -> SendError:
        if code == 421:
            return NoService(f"{self._where} is closing: {_words(code, reply)}; come back later")
        permanent = 500 <= code < 600
        remedy = "mend the subscription" if permanent else "it is tried again"
        return SendError(f"{_words(code, reply)}; {remedy}", permanent)

    def _reset(self, error: SendError) -> None:
        """Ready for the next message, or without a connection."""
        try:
            if isinstance(error, NoService) or not self._smtp or self._smtp.rset()[0] != 250:
                self._drop()
        except _BROKEN:
            self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None


def _dotted(body: bytes) -> bytes:
    """As DATA wants it (RFC 5321, 4.5.2): a line that starts with a dot gets another."""
    ended = body if body.endswith(b"\r\n") else body + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _on_the_wire(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _words(code: int, reply: bytes) -> str:
    return f"{code} {' '.join(reply.decode(errors='replace').split())}"


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _words(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    return " ".join(str(error).split()) or type(error).__name__


def _remedy(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "mend [smtp] user or TRACKER_SMTP_PASSWORD"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "mend [smtp] security, or user where the server wants none"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the certificate is not trusted: mend [smtp] host, or name its CA in SSL_CERT_FILE"
    return "mend [smtp] host and port, or come back later; nothing is lost"
