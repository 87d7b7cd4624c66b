"""A letter as an Internet message (RFC 5322, 2047, 6532, 8058): bytes that any server takes."""

import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tracker.model import Letter

# Controls and line breaks end headers; surrogates cannot be encoded.
_LONGEST_NAME = 60
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes."""

    address: str
    name: str = ""
    unsubscribe: str = ""  # "mailto:" or "https:"; the sender's address where ""

    @property
    def leave(self) -> str:
        """What to tell people who want no more of it; "" where nobody would read it."""
        told = self.unsubscribe.removeprefix("mailto:").partition("?")[0] or self.address
        return "" if told.endswith("@localhost") else told

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
    headers = [
        ("From", _mailbox(sender.address, sender.name)),
        ("To", _mailbox(to)),
        ("Subject", _encoded("Subject", letter.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{identifier}>"),
        ("List-Id", f"<policy-changes.{sender.domain}>"),
        # Vacation notices and other robots keep silent (RFC 3834; Exchange has its own word).
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Unsubscribe", f"<{_unsubscribe(sender)}>"),
    ]
    if letter.thread:
        root = f"<{message_id(sender, 'thread', to, letter.thread)}>"
        headers += [("In-Reply-To", root), ("References", root)]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode() + _content(letter, identifier)


def _content(letter: Letter, identifier: str) -> bytes:
    """Both bodies, with the headers that say so."""
    content = EmailMessage(policy=SMTP)
    content.set_content(_body(letter.text), cte="quoted-printable")
    content.add_alternative(_body(letter.html), subtype="html", cte="quoted-printable")
    # Quoted-printable writes "=" as "=3D", so that no text can hold the boundary.
    content.set_boundary(f"=_{identifier.partition('@')[0]}")
    return content.as_bytes()


def _mailbox(address: str, name: str = "") -> str:
    local, _, domain = address.rpartition("@")
    wire = f"{local}@{ascii_domain(domain)}"
    told = _header(name)[:_LONGEST_NAME]
    if told.isascii():
        quoted = told.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{wire}>' if told else wire
    return f"{_encoded('From', told)} <{wire}>"


def _encoded(name: str, text: str) -> str:
    """Folded. Not by EmailMessage, which may begin the value with a fold: then readers that
    follow the letter of RFC 5322 see a space in front."""
    told = _header(text)
    if not told.isascii():
        return Header(told, "utf-8", header_name=name).encode(linesep="\r\n")
    lines = textwrap.wrap(
        told, 76, initial_indent=f"{name}: ", break_long_words=False, break_on_hyphens=False
    )
    return "\r\n ".join(lines).removeprefix(f"{name}: ")


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
    """In one line, and nothing in it reads as an encoded word that it never was."""
    return " ".join(_UNFIT.sub(" ", text).split()).replace("=?", "= ?")


def _body(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _unsubscribe(sender: Sender) -> str:
    return sender.unsubscribe or f"mailto:{sender.address}?subject=unsubscribe"
