"""Settings into what alerts are sent with."""

import re
from typing import TYPE_CHECKING, Any

from tracker.config import Config, is_address
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.pipeline.alerting import Desk
    from tracker.pipeline.workspace import Workspace


# Where a password in the clear meets nobody.
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def desk(config: Config, workspace: "Workspace", **more: Any) -> "Desk":
    """Everything of [alerts], [smtp], [site] and the subscriptions; `more` goes on top."""
    from tracker import alerts
    from tracker.pipeline import questions
    from tracker.pipeline.alerting import Desk
    from tracker.publish.chat import ChatCourier
    from tracker.publish.message import Sender
    from tracker.publish.webhook import WebhookCourier, label

    settings, site = config["alerts"], config["site"]
    questions.check_topics(
        workspace, [topic for one in config.subscriptions for topic in one.topics]
    )
    webhook, chats = settings["webhook"], settings["apprise"]
    return Desk(
        subscribers=alerts.subscribers(
            config.subscriptions, label(webhook) if webhook else "", map(label, chats)
        ),
        sender=Sender(sender(config), site["title"], _unsubscribe(settings["unsubscribe"])),
        couriers={
            "mail": mail_courier(config),
            "webhook": WebhookCourier(webhook, config.webhook_secret, config["smtp"]["timeout"]),
            "chat": ChatCourier(tuple(chats)),
        },
        names=questions.topic_names(workspace),
        site=site["base_url"],
        title=site["title"],
        operators=tuple(_address("operators", one) for one in settings["operators"]),
        failing_runs=settings["failing_runs"],
        heartbeat=settings["heartbeat"],
        **more,
    )


def addresses(config: Config) -> frozenset[str]:
    """Of all that are written to, as deliveries name them."""
    from tracker.publish.webhook import label

    alerts = config["alerts"]
    mailed = [address for one in config.subscriptions for address in one.to]
    urls = [url for url in (alerts["webhook"], *alerts["apprise"]) if url]
    return frozenset((*mailed, *alerts["operators"], *map(label, urls)))


def sender(config: Config) -> str:
    """The From address; the user's, where that is one."""
    smtp = config["smtp"]
    if smtp["sender"]:
        return _address("sender", smtp["sender"])
    return str(smtp["user"]) if is_address(smtp["user"]) else "policy-tracker@localhost"


def _address(key: str, text: str) -> str:
    if not is_address(text):
        raise ConfigError(f'tracker.toml: {key} "{text}" is no mail address; mend it')
    return text


def _unsubscribe(url: str) -> str:
    """It stands in a header, so it may hold nothing that ends one."""
    if url and (not re.fullmatch(r"(mailto|https):[!-~]+", url) or set(url) & set("<>")):
        raise ConfigError(
            f'tracker.toml: [alerts] unsubscribe "{url}" is no address to leave at; '
            'expected "mailto:you@example.org" or "https://..."'
        )
    return url


def mail_courier(config: Config) -> Any:
    from tracker.publish.local import FolderCourier, NoCourier, SendmailCourier
    from tracker.publish.smtp import SmtpCourier, SmtpSettings

    alerts, smtp = config["alerts"], config["smtp"]
    if alerts["transport"] == "folder":
        return FolderCourier(config.workspace / alerts["folder"])
    if alerts["transport"] == "sendmail":
        return SendmailCourier(alerts["sendmail"], sender(config), smtp["timeout"])
    if not smtp["host"]:
        return NoCourier(
            "no mail server is set; set [smtp] host, or [alerts] transport to sendmail or folder"
        )
    if smtp["user"] and smtp["security"] == "none" and smtp["host"] not in _THIS_MACHINE:
        raise ConfigError(
            "tracker.toml: [smtp] user with security = none would send the password in the clear; "
            "set security to starttls or tls"
        )
    return SmtpCourier(
        SmtpSettings(
            host=smtp["host"],
            sender=sender(config),
            port=smtp["port"],
            security=smtp["security"],
            user=smtp["user"],
            password=config.smtp_password,
            timeout=smtp["timeout"],
        )
    )
