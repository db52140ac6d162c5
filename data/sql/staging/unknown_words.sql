-- one row a word of the column that is not known, as it may be shown, with how many rows hold it, the most frequent
-- first; none where all of them together are slips: in fewer than one row of a hundred, and each in fewer than $slips
with words as (
    select cells.word(cells.known({cell})) as word, arg_min(cells.known({cell}), rowid) as example, count(*) as rows
    from stage
    group by word
),

-- a mapping may name a word as it stands or as it is shown
unknown as (
    select min(cells.masked(example)) as example, sum(rows)::bigint as rows
    from words
    where
        word is not null
        and not list_contains($known, word)
        and not list_contains($known, cells.word(cells.masked(word)))
        and not list_contains($joined, cells.joined(word))
        and not ({is_read})
    group by cells.masked(word)
)

select example, rows
from unknown
where
    (select sum(rows) from unknown) * 100 >= (select count(*) from stage)
    or (select max(rows) from unknown) >= $slips
order by rows desc, example
