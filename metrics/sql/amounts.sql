-- one row a currency: won deals with an amount that closed within the span, exact sums of the amounts and their squares
select
    deal.currency,
    count(*) as deals,
    sum(cast(deal.amount as decimal(18, 2))) as amount,
    sum(cast(deal.amount as decimal(18, 2)) * cast(deal.amount as decimal(18, 2))) as amount_squared
from facts.deals as deal
inner join facts.leads as lead on deal.lead_id = lead.lead_id
where
    lead.workflow = $workflow
    and deal.stage = 'won'
    and deal.amount is not null
    and cast(deal.closed_at as date) between $first and $through
group by deal.currency
order by deals desc, currency
