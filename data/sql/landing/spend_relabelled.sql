-- one row: how many campaigns of spans of days are known by the same name under other labels, how many of them at about the same
-- cost, and at nearly the same; with the line, the campaign and both costs of the first
with here as (
    select first_day, last_day, channel, account, campaign, currency, sum(cost) as cost, min(line) as line
    from spend_new
    where campaign is not null
    group by all
),

there as (
    select first_day, last_day, channel, account, campaign, currency, sum(cost) as cost
    from spend_known
    where campaign is not null
    group by all
),

pairs as (
    select
        here.line,
        any_value(here.campaign) as campaign,
        any_value(here.cost) as here,
        arg_min(there.cost, abs(here.cost - there.cost)) as there
    from here
    inner join there
        on here.first_day = there.first_day
        and here.last_day = there.last_day
        and here.campaign = there.campaign
        and coalesce(here.currency, there.currency, '') = coalesce(there.currency, here.currency, '')
    group by here.line
)

select
    count(*) as of_pairs,
    count(*) filter (abs(here - there) <= $about * abs(there)) as about,
    count(*) filter (abs(here - there) <= $nearly * abs(there)) as nearly,
    min(line) as line,
    arg_min(campaign, line) as campaign,
    arg_min(here, line) as here,
    arg_min(there, line) as there
from pairs
