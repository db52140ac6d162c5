-- one row a currency and day: won deals with an amount that closed on it, exact sums of the amounts and their squares
select
    deal.currency,
    cast(deal.closed_at as date) as closed_on,
    count(*) as deals,
    sum(cast(deal.amount as decimal(18, 2))) as amount,
    sum(cast(deal.amount as decimal(18, 2)) * cast(deal.amount as decimal(18, 2))) as amount_squared
from facts.deals as deal
inner join facts.leads as lead on deal.lead_id = lead.lead_id
where
    lead.workflow = $workflow
    and deal.stage = 'won'
    and deal.amount is not null
    and cast(deal.closed_at as date) <= $through
group by deal.currency, cast(deal.closed_at as date)
order by closed_on, currency
