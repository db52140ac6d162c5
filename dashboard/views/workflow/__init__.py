"""One workflow: the divergence chart, and why we say so."""
