"""A letter as an Internet message (RFC 5322, 2047, 6532, 8058): bytes that any server takes."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tracker.model import Letter

# Controls and line breaks end headers; surrogates cannot be encoded.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes."""

    address: str
    name: str = ""
    unsubscribe: str = ""  # "mailto:" or "https:"; the sender's address where ""

    @property
    def domain(self) -> str:
        return ascii_domain(self.address.rpartition("@")[2]) or "localhost"


def message_id(sender: Sender, *parts: str) -> str:
    """Without brackets; the same parts give the same id.

    >>> message_id(Sender("alerts@example.org"), "you@example.org", "acme/privacy")
    '545bb71af7e5c7cfdaee41d800ea8fb6@example.org'
    """
    digest = hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
    return f"{digest[:32]}@{sender.domain}"


def compose(letter: Letter, sender: Sender, to: str, identifier: str, at: datetime) -> bytes:
    """With CRLF line ends. Equal arguments give equal bytes."""
    # Quoted-printable writes "=" as "=3D", so that no text can hold the boundary.
    boundary = f"=_{identifier.partition('@')[0]}"
    needs_utf8 = not f"{sender.address}{to}".isascii()
    message = EmailMessage(policy=SMTP.clone(utf8=needs_utf8))
    message["From"] = _address(sender.address, sender.name)
    message["To"] = _address(to)
    message["Subject"] = _header(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{identifier}>"
    if letter.thread:
        root = f"<{message_id(sender, 'thread', to, letter.thread)}>"
        message["In-Reply-To"] = root
        message["References"] = root
    message["List-Id"] = f"<policy-changes.{sender.domain}>"
    message["List-Unsubscribe"] = f"<{_unsubscribe(sender)}>"
    # Vacation notices and other robots keep silent (RFC 3834; Exchange has its own word).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_body(letter.text), cte="quoted-printable")
    message.add_alternative(_body(letter.html), subtype="html", cte="quoted-printable")
    message.set_boundary(boundary)
    return message.as_bytes()


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(_header(name), local, ascii_domain(domain))


def ascii_domain(domain: str) -> str:
    """
    >>> ascii_domain("bücher.example")
    'xn--bcher-kva.example'
    """
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _header(text: str) -> str:
    return " ".join(_UNFIT.sub(" ", text).split())


def _body(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _unsubscribe(sender: Sender) -> str:
    return sender.unsubscribe or f"mailto:{sender.address}?subject=unsubscribe"
