-- one row a fault of a use of an asset
select record, line, 'rating' as column_name, rating::varchar as value, 'rating_out_of_range' as reason
from typed_rows
where rating < 1 or rating > 5
