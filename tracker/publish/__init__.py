"""The publish room; see ARCHITECTURE.md."""
