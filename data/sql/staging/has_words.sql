-- one row where a row's key may be a word, or is blank, as those of totals are; none otherwise. To ask this first is cheaper
-- than to prepare what tells a total
select 1 as has_words
from (
    select record
    from faults
    where reason in ('missing_id', 'missing_value')
    union all
    select rowid
    from stage
    where {is_word}
)
limit 1
