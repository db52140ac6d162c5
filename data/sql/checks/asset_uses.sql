-- one row a fault of a use of an asset
select record, line, 'used_at' as column_name, used_at::varchar as value, 'future_date' as reason
from typed_rows
where used_at >= $limit
union all
select record, line, 'rating', rating::varchar, 'rating_out_of_range'
from typed_rows
where rating < 1 or rating > 5
