"""Signed JSON to a URL, as standardwebhooks.com has it, so that its libraries verify it.

The signature is "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from tracker.errors import NoService, SendError, Unconfirmed
from tracker.model import Delivery

_PAUSES = (1.0, 5.0)  # seconds before the second and the third try of one run
# "This will never be accepted": gone, too large, not understood. The rest may be mended there.
_FOR_GOOD = {400, 410, 413, 422}


@dataclass(frozen=True, slots=True)
class WebhookCourier(AbstractContextManager["WebhookCourier"]):
    url: str = field(repr=False)
    secret: str = field(repr=False)
    timeout: float = 30.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        """With the delivery's id in `webhook-id`: what arrives twice is known by it."""
        if not self.secret:
            raise NoService("the webhook has no secret; set TRACKER_WEBHOOK_SECRET")
        at_risk()
        for pause in (*_PAUSES, None):
            try:
                return self._post(delivery)
            except SendError as error:
                if error.permanent or pause is None:
                    raise
                self.sleep(pause)
        return None

    def _post(self, delivery: Delivery) -> None:
        timestamp = str(int(self.clock()))
        headers = {
            "content-type": "application/json",
            "user-agent": "policy-tracker",
            "webhook-id": delivery.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self.secret, delivery.id, timestamp, delivery.body),
        }
        where = label(self.url)
        try:
            answer = requests.post(
                self.url,
                data=delivery.body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.ConnectionError as error:
            raise SendError(f"{where}: no connection; it is tried again") from error
        except requests.RequestException as error:
            raise Unconfirmed(f"{where}: {type(error).__name__}, no answer") from error
        if not 200 <= answer.status_code < 300:
            raise SendError(
                f"{where}: answered {answer.status_code}; mend the webhook, or its URL in [alerts]",
                answer.status_code in _FOR_GOOD,
            )


def signature(secret: str, identifier: str, timestamp: str, body: bytes) -> str:
    """A secret that starts with "whsec_" is base64, any other is its own bytes."""
    key = (
        base64.b64decode(secret.removeprefix("whsec_"))
        if secret.startswith("whsec_")
        else secret.encode()
    )
    signed = f"{identifier}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def label(url: str) -> str:
    """What to call a URL whose path, query or password may be secret: scheme, host and a mark.

    >>> label("https://hooks.example/services/T0/B0/secret")
    'https://hooks.example#10e2f7'
    """
    host = urlsplit(url).hostname or ""
    mark = hashlib.sha256(url.encode(errors="replace")).hexdigest()[:6]
    return f"{url.partition(':')[0]}://{host}#{mark}"
