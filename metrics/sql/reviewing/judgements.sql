-- one row a judgement of one of $items on one of $dimensions
select
    item_id,
    reviewer,
    dimension,
    passed
from facts.reviews
where item_id in (select unnest($items)) and lower(dimension) in (select unnest($dimensions))
    and reviewer is not null and passed is not null and reviewer not like '%(again)'
