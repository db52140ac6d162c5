"""Exports of a business of any size, written by DuckDB: the same for the same number of leads.

104 weeks, then one more, which is the increment: about a hundredth of everything. One in five leads is won (after 35
days on average), one in three gets a qualified appointment, each has five e-mails, of which three in ten are opened.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

START = dt.date(2023, 1, 2)
WEEKS = 104
EMAILS_A_LEAD = 5
LAST = START + dt.timedelta(weeks=WEEKS, days=-1)
"""the last day of the first exports; the increment tells of the week after"""
WORKFLOW = "lead-routing"
LEADS_A_FILE = 2_500_000
"""whose e-mails are in one file; more come in several of one size"""

_LEADS = """
create table leads as
select
    i,
    timestamp '{start}' + to_seconds(cast(i * {seconds} / {leads} as bigint)) as created_at,
    ['organic', 'paid', 'referral', 'social'][
        1 + cast(floor(power(hash(i, 1) % 1000 / 1000, 2) * 4) as integer)] as channel,
    ['north', 'south', 'east'][1 + cast(hash(i, 2) % 3 as integer)] as region,
    created_at + to_seconds(cast(-ln((1 + hash(i, 3) % 999983) / 999984) *
        case when i * {weeks} / {leads} < 52 then 7200 else 600 end as bigint)) as answered_at,
    case when hash(i, 4) % 1000 < 200 then
        created_at + to_seconds(cast(-ln((1 + hash(i, 5) % 999983) / 999984) * 35 * 86400 as bigint)) end as won_at,
    case when hash(i, 6) % 1000 < 330 then
        created_at + to_seconds(cast(-ln((1 + hash(i, 7) % 999983) / 999984) * 9 * 86400 as bigint)) end as met_at,
    9000 + hash(i, 8) % 700 as amount
from range({leads}) as ids (i)
"""
_EMAILS = """
create view emails as
select
    leads.i * {each} + k as n,
    leads.i,
    leads.created_at + to_seconds(cast(3600 + k * 2 * 86400 as bigint)) as sent_at,
    case when hash(leads.i, k, 9) % 1000 < 300 then
        sent_at + to_seconds(cast(hash(leads.i, k, 10) % 172800 as bigint)) end as opened_at
from leads
cross join range({each}) as messages (k)
"""
_FILES = {
    "leads": """
select 'L' || i as lead_id, created_at, '{workflow}' as workflow, channel, region,
    case when answered_at < timestamp '{until}' then answered_at end as first_response_at
from leads where created_at >= timestamp '{since}' and created_at < timestamp '{until}' order by i""",
    "deals": """
select 'D' || i as deal_id, 'L' || i as lead_id, created_at, won_at as closed_at, 'won' as stage, amount,
    'EUR' as currency
from leads where won_at >= timestamp '{since}' and won_at < timestamp '{until}' order by won_at""",
    "appointments": """
select 'A' || i as appointment_id, 'L' || i as lead_id, met_at as held_at, 'held' as status, 'yes' as qualified
from leads where met_at >= timestamp '{since}' and met_at < timestamp '{until}' order by met_at""",
    "emails": """
select 'M' || n as message_id, 'L' || i as lead_id, sent_at, sent_at as delivered_at,
    case when opened_at < timestamp '{until}' then opened_at end as opened_at, '{workflow}' as workflow
from emails
where i between {lowest} and {highest} and sent_at < timestamp '{until}'
    and (sent_at >= timestamp '{since}' or opened_at >= timestamp '{since}')""",
}


def write(folder: Path, leads: int) -> None:
    """First exports as first-<template>.csv, and those of the week after (with messages opened only then) as then-….

    E-mails may be in several files, numbered.
    """
    weeks = WEEKS + 1
    total = leads * weeks // WEEKS
    facts = {
        "start": START,
        "leads": total,
        "seconds": weeks * 7 * 86400,
        "weeks": weeks,
        "each": EMAILS_A_LEAD,
    }
    begun, over = LAST + dt.timedelta(days=1), LAST + dt.timedelta(days=8)
    with duckdb.connect(str(folder / "flow.duckdb")) as engine:
        engine.execute(_LEADS.format(**facts))
        engine.execute(_EMAILS.format(**facts))
        for prefix, since, until in (("first", START, begun), ("then", begun, over)):
            for name, asked in _FILES.items():
                are_many = (name, prefix) == ("emails", "first")
                parts = -(-leads // LEADS_A_FILE) if are_many else 1
                step = -(-total // parts)
                for place, lowest in enumerate(range(0, total, step)):
                    number = f"-{place:02}" if are_many else ""
                    told = asked.format(
                        workflow=WORKFLOW,
                        since=since,
                        until=until,
                        lowest=lowest,
                        highest=lowest + step - 1,
                    )
                    file = folder / f"{prefix}-{name}{number}.csv"
                    engine.execute(f"copy ({told}) to '{file}' (header, delimiter ',')")
    (folder / "flow.duckdb").unlink()
