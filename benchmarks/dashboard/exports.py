"""Exports of a large workspace: leads in three workflows, of which one drifts, with their appointments and deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

FIRST = dt.date(2024, 1, 1)
WEEKS = 104
DEPLOYED_WEEK = 56
LAST = FIRST + dt.timedelta(weeks=WEEKS, days=-1)
WORKFLOWS = ("lead-routing", "nurture", "content-studio")

# one row a lead; two draws by Box and Muller give the two log-normal delays in days
FLOW = """
create table flow as
select
    id,
    timestamp '{first}' + to_seconds(second::bigint) as created_at,
    {workflows} as workflow,
    ['organic', 'paid', 'referral', 'social'][(id * 31) % 4 + 1] as channel,
    ['DACH', 'Nordics', 'Iberia'][(id * 17) % 3 + 1] as region,
    draw_won < 0.20 * case when is_after and id % 10 < 6 then 0.7 else 1 end as has_won,
    draw_met < 0.36 * case when is_after and id % 10 < 6 then 0.8 else 1 end as has_met,
    exp(3.55 + 0.7 * sqrt(-2 * ln(a)) * cos(2 * pi() * b)) as days_to_deal,
    exp(2.2 + 0.6 * sqrt(-2 * ln(a)) * sin(2 * pi() * b)) as days_to_meeting,
    (case when is_after then 0.1 else 2 end) * 3600 * (0.2 + 3 * b) as seconds_to_reply
from (
    select
        range as id,
        (hash(range, 1) % 1000000007) / 1000000007.0 * {span} as second,
        second >= {after} as is_after,
        (hash(range, 2) % 1000003 + 1) / 1000004.0 as a,
        (hash(range, 3) % 1000003 + 1) / 1000004.0 as b,
        (hash(range, 4) % 1000003) / 1000003.0 as draw_won,
        (hash(range, 5) % 1000003) / 1000003.0 as draw_met
    from range({leads})
)
"""
THREE = (
    "['lead-routing', 'nurture', 'content-studio']"
    "[case when id % 10 < 6 then 1 when id % 10 < 9 then 2 else 3 end]"
)
EXPORTS = {
    "leads": """
        select 'L' || id as lead_id, strftime(created_at, '%Y-%m-%d %H:%M:%S') as created_at, workflow, channel, region,
            strftime(created_at + to_seconds(seconds_to_reply::bigint), '%Y-%m-%d %H:%M:%S') as first_response_at
        from flow
        """,
    "appointments": """
        select 'A' || id as appointment_id, 'L' || id as lead_id, strftime(met_at, '%Y-%m-%d %H:%M:%S') as held_at,
            'held' as status, 'yes' as qualified
        from (select *, created_at + to_seconds((86400 * days_to_meeting)::bigint) as met_at from flow)
        where has_met and met_at < $until
        """,
    "deals": """
        select 'D' || id as deal_id, 'L' || id as lead_id, strftime(created_at, '%Y-%m-%d %H:%M:%S') as created_at,
            strftime(won_at, '%Y-%m-%d %H:%M:%S') as closed_at, 'won' as stage, 9000 + id % 700 as amount,
            'EUR' as currency
        from (select *, created_at + to_seconds((86400 * days_to_deal)::bigint) as won_at from flow)
        where has_won and won_at < $until
        """,
}
CHARTER = """\
workflow: {workflow}
name: {name}
owner: Head of Demand Generation
deployed_on: {deployed}
watch:
  proxies: [response_time]
  outcomes: [close_rate, qualified_appointment_rate]
  segments: [channel, region]
stopping_rules:
  - {{id: divergence, when: diverging, action: pause}}
"""


def write_exports(folder: Path, leads: int, workflows: Sequence[str] = WORKFLOWS) -> list[Path]:
    """The three exports as CSV; the same for the same number. Other `workflows` than the three share them evenly."""
    files = []
    by_turns = f"{list(workflows)}[id % {len(workflows)} + 1]" if workflows != WORKFLOWS else THREE
    with duckdb.connect(str(folder / "flow.duckdb")) as engine:
        engine.execute("set preserve_insertion_order = false")
        engine.execute(
            FLOW.format(
                first=FIRST,
                span=7 * 86_400 * WEEKS,
                after=7 * 86_400 * DEPLOYED_WEEK,
                leads=leads,
                workflows=by_turns,
            )
        )
        until = dt.datetime.combine(LAST + dt.timedelta(days=1), dt.time())
        for name, sql in EXPORTS.items():
            files.append(folder / f"{name}.csv")
            bound = sql.replace("$until", f"timestamp '{until}'")
            engine.execute(f"copy ({bound}) to '{files[-1]}' (header, delimiter ',')")
    (folder / "flow.duckdb").unlink()
    return files


def furnish(folder: Path, workflows: Sequence[str] = WORKFLOWS) -> list[Path]:
    """A workspace's settings and charters; the charters' files."""
    (folder / "charters").mkdir(parents=True)
    (folder / "leadline.toml").write_text(f"as_of = {LAST}\n", encoding="utf-8")
    files = []
    for workflow in workflows:
        files.append(folder / "charters" / f"{workflow}.yaml")
        files[-1].write_text(
            CHARTER.format(
                workflow=workflow,
                name=workflow.replace("-", " ").capitalize(),
                deployed=FIRST + dt.timedelta(weeks=DEPLOYED_WEEK),
            ),
            encoding="utf-8",
        )
    return files
