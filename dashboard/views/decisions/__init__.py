"""Decisions and the ledger."""
