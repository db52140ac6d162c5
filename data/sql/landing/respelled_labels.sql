-- one row a column: how many labels of the file are those of others, of the file or of what is known, if capital letters and signs
-- are put aside, and the first of them with its line and the other one. Of each column so many labels are looked at
with coming as materialized (
    {coming}
),

known as materialized (
    {known}
),

labels as materialized (
    select column_name, label, regexp_replace(lower(label), '[^' || cells.signs() || ']+', '', 'g') as bare
    from (
        select column_name, label from coming
        union
        select column_name, label from known
    )
)

select
    coming.column_name,
    count(distinct coming.label) as respelled,
    min(coming.line) as line,
    arg_min(coming.label, coming.line) as label,
    arg_min(other.label, coming.line) as other
from coming
inner join labels using (column_name, label)
inner join labels as other
    on labels.column_name = other.column_name and labels.bare = other.bare and labels.label <> other.label
where labels.bare <> '' and (coming.column_name, coming.label) not in (select (column_name, label) from known)
group by coming.column_name
order by line
