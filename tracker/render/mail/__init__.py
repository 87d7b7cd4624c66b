"""Alerts as letters: a subject, plain text and HTML that say the same."""

from tracker.render.mail.letters import alert as alert
from tracker.render.mail.letters import brief as brief
from tracker.render.mail.letters import problems as problems
from tracker.render.mail.letters import test as test
