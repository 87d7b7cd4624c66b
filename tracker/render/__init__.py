"""The render room; see ARCHITECTURE.md."""
