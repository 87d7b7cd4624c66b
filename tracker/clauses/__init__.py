"""The clauses room; see ARCHITECTURE.md."""
