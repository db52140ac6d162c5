-- one row a word of the column that is not known, as it may be shown, with how many rows hold it and how many of these have a day that
-- has passed, the most frequent first
with words as (
    select
        cells.known({cell}) as said,
        cells.word(cells.known({cell})) as word,
        {day} <= $limit as has_passed
    from stage
)

select
    min(cells.masked(said)) as example,
    count(*) as rows,
    count(*) filter (has_passed) as passed
from words
where
    word is not null
    and not list_contains($known, word)
    and not list_contains($known, cells.word(cells.masked(word)))
    and not list_contains($joined, cells.joined(word))
group by word
order by rows desc, example
limit 1000
