"""Content at scale: more assets, cheaper, and sales use fewer of them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import Export, Row, Story, agreed_story, entries


def _content(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Twice as many assets at well under half the cost; sales use 28 % of them instead of 46 %."""
    assets: list[Row] = []
    uses: list[Row] = []
    for number, moment in enumerate(entries(rng, lambda day: 44.0 if day >= story.deployed_on else 24.0), 1):
        day = moment.date()
        # the same draws whatever `until` is, so that a later export only adds to an earlier one
        cost, is_used, delay, again = rng.standard_normal(), rng.random(), rng.standard_normal(), rng.random()
        after = day >= story.deployed_on
        kind = ("case study", "one-pager", "article")[number % 3]
        if day <= until:
            price = (95.0 if after else 240.0) * float(np.exp(0.3 * cost))
            assets.append((f"C{number:05d}", moment, story.workflow, kind, f"{price:.2f}", "EUR"))
        if is_used < (0.28 if story.is_drifting(day) else 0.46):
            first = moment + dt.timedelta(days=12.0 * float(np.exp(0.7 * delay)))
            for when in [first, *([first + dt.timedelta(days=9)] if again < 0.4 else [])]:
                if when.date() <= until:
                    uses.append((f"C{number:05d}", when, "sales", "proposal"))
    columns = ("asset_id", "published_at", "workflow", "kind", "cost", "currency")
    return [("assets", columns, assets), ("asset_uses", ("asset_id", "used_at", "used_by", "context"), uses)]


CONTENT_AT_SCALE = agreed_story(
    "Content studio",
    "content-studio",
    _content,
    weeks=(56, 58, 84),
    seed=11,
    owner="Head of Content",
    objective="Material that sales use in their conversations",
    audience="Sales teams and the finance leads they talk to",
    context="Drafts by AI from a brief",
    constraint="No claim without a source",
    proxies="asset_volume, cost_per_asset",
    outcome="asset_usage_rate",
    action="adjust",
)
