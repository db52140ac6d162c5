-- one row where a cell of the column is none of the known words as they stand in small letters; none otherwise. Most columns
-- hold nothing else, and this is cheaper than to prepare what makes a word of any cell
select 1 as other_words
from stage
where {cell} <> '' and not list_contains($known, lower({cell}))
limit 1
