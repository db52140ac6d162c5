-- one row: whether every lead's first answer can be told by its week alone
select coalesce(sum(units), 0) = 0 as holds
from {counts}
where not is_plain
