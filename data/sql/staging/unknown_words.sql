-- one row a word of the column that is not known, with how many rows hold it; those of at least one row in a hundred
with words as (
    select cells.word(cells.known({cell})) as word, arg_min(cells.known({cell}), rowid) as example, count(*) as rows
    from stage
    group by word
)

select example, rows
from words
where
    word is not null
    and not list_contains($known, word)
    and not list_contains($known, cells.plain_word(word))
    and rows * 100 >= (select count(*) from stage)
order by rows desc, example
limit 50
