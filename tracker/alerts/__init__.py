"""Decide who is told what, and when. Sends nothing, words nothing."""

from tracker.alerts.due import Known as Known
from tracker.alerts.due import Plan as Plan
from tracker.alerts.due import due as due
from tracker.alerts.due import subscribers as subscribers
from tracker.alerts.matching import light as light
from tracker.alerts.matching import watches as watches
from tracker.alerts.noticing import evidence as evidence
from tracker.alerts.noticing import notices as notices
from tracker.alerts.noticing import of_changes as of_changes
from tracker.alerts.problems import problems as problems
