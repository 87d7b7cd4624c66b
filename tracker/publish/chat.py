"""Short messages to chats and other services through Apprise, an optional extra."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import msgspec

from tracker.errors import NoService, SendError
from tracker.model import Delivery
from tracker.publish.webhook import label


class ChatMessage(msgspec.Struct, frozen=True):
    """The body of a chat's delivery."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ChatCourier(AbstractContextManager["ChatCourier"]):
    """One for all; a delivery's address is the label of its URL."""

    urls: tuple[str, ...] = field(repr=False)

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, delivery: Delivery, at_risk: Callable[[], object]) -> None:
        try:
            import apprise
        except ModuleNotFoundError as error:
            raise NoService(
                "chats need the apprise extra; pip install 'policy-tracker[apprise]'"
            ) from error
        url = next((url for url in self.urls if label(url) == delivery.address), None)
        if url is None:
            raise SendError(f"{delivery.address}: no longer in [alerts] apprise", True)
        chat = apprise.Apprise()
        if not chat.add(url):
            raise NoService(f"{delivery.address}: Apprise does not know this kind of URL; mend it")
        message = msgspec.json.decode(delivery.body, type=ChatMessage)
        at_risk()
        if not chat.notify(title=message.title, body=message.text, body_format="text"):
            raise SendError(f"{delivery.address}: the service refused the message")
