"""The normalize room; see ARCHITECTURE.md."""
