-- one row, of the first $most rows that would be new and name some other row: how many they are, in how many ways, how many of
-- them several in one cell, how many of these are known each by itself, and the first such cell
with named as (
    select {link} as link
    from typed_rows
    anti join matches on typed_rows.record = matches.record
    where {link} is not null and is_retired is not true
    limit $most
),

several as (
    select link, string_split_regex(link, '\s*[;,|]\s*') as parts
    from named
    where regexp_matches(link, '[;,|]') and link not in (select {key} from landed.{standing})
),

parts as (
    select distinct unnest(parts) as part from several
)

select
    (select count(*) from named) as row_count,
    (select count(distinct link) from named) as ways,
    (select count(*) from several) as several,
    (select count(*) from parts where part in (select {key} from landed.{standing})) as known,
    (select min(link) from several) as shown
