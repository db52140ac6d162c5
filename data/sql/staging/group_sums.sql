-- group_sums: one row a row of spend: what it is called in its group, how many of this are not nought, and whether each of its
-- numbers is the sum of the others' there
create or replace temp table group_sums as
with own as (
    select
        typed_rows.*,
        concat_ws($between, {label}) as label
    from typed_rows
    anti join group_totals on typed_rows.record = group_totals.record
),

grouped as (
    select
        spent_on,
        spent_to,
        currency{shared},
        count(*) filter (where {main} <> 0) as members,
        sum(cost) as all_cost,
        sum(impressions) as all_impressions,
        sum(clicks) as all_clicks,
        sum(visits) as all_visits
    from own
    group by all
)

select
    own.record,
    own.line,
    own.label,
    own.cost,
    own.impressions,
    own.clicks,
    own.visits,
    own.{main} as main,
    grouped.members,
    coalesce(abs(2 * own.cost - all_cost) <= cells.tolerance(own.cost), true)
    and coalesce(abs(2 * own.impressions - all_impressions) <= greatest(1, 0.001 * own.impressions), true)
    and coalesce(abs(2 * own.clicks - all_clicks) <= greatest(1, 0.001 * own.clicks), true)
    and coalesce(abs(2 * own.visits - all_visits) <= greatest(1, 0.001 * own.visits), true) as is_sum
from own
inner join grouped
    on grouped.spent_on = own.spent_on
    and grouped.spent_to is not distinct from own.spent_to
    and grouped.currency is not distinct from own.currency{same}
where own.{first} is not null and own.{main} is not null
