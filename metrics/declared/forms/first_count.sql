-- one row a segment and week of the first event: units that had their first one, within $within_weeks weeks of entry
with happened as (
{happened})
select
    {segment} as segment,
    cast(date_trunc('week', happened.happened_on) as date) as cohort_week,
    count(*) as units
from facts.{template} as unit
inner join happened on unit.{key} = happened.unit_id
where
    unit.workflow = $workflow
    and date_diff(
        'week',
        cast(date_trunc('week', unit.{at}) as date),
        cast(date_trunc('week', happened.happened_on) as date)
    ) <= $within_weeks{where}
group by all
order by all
