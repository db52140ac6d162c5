-- one row: new rows of a campaign that is known on the same days with other columns filled in, or over another span of
-- days; with the line, the campaign and both costs of the first
with known as (
    select campaign, channel, account, currency, filled, first_day, last_day, sum(cost) as cost
    from spend_known
    where campaign is not null
    group by all
),

nested as (
    select
        spend_new.line,
        any_value(spend_new.campaign) as campaign,
        any_value(spend_new.cost) as cost,
        sum(known.cost) as known_cost
    from spend_new
    inner join known on
        spend_new.campaign = known.campaign
        and spend_new.channel is not distinct from known.channel
        and spend_new.currency is not distinct from known.currency
        and coalesce(spend_new.account, known.account, '') = coalesce(known.account, spend_new.account, '')
        and spend_new.first_day <= known.last_day
        and known.first_day <= spend_new.last_day
    where
        spend_new.filled <> known.filled
        or spend_new.first_day <> known.first_day
        or spend_new.last_day <> known.last_day
    group by spend_new.line
)

select
    count(*) as rows_nested,
    min(line) as line,
    arg_min(campaign, line) as campaign,
    arg_min(cost, line) as here,
    arg_min(known_cost, line) as there
from nested
