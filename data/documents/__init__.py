"""YAML that people write, and what else comes in its shapes: read, asked for its values, edited in its place."""
