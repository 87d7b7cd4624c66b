"""Choose the captures worth fetching, and say why; see ARCHITECTURE.md."""

from tracker.selection.coverage import coverage as coverage
from tracker.selection.held import held as held
from tracker.selection.line import Fact as Fact
from tracker.selection.line import Key as Key
from tracker.selection.moves import Move as Move
from tracker.selection.moves import moves as moves
from tracker.selection.neglect import neglected as neglected
from tracker.selection.plan import Choice as Choice
from tracker.selection.plan import Strategy as Strategy
from tracker.selection.plan import estimate as estimate
from tracker.selection.plan import explain as explain
from tracker.selection.plan import plan as plan
