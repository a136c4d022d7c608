"""The provider's documentation as text: its index, its dump, its pages, and what they say (`mimo-api.md` §4)."""
