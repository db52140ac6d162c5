-- one row a fault of a lead
-- sums of squares are exact decimals, which have an end
select record, line, 'score' as column_name, score::varchar as value, 'absurd_number' as reason
from typed_rows
where abs(score) >= 1e10
