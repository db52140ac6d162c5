"""Results → text: sentences, tables, Markdown. Pure."""
