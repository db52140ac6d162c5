-- one row: whether some identities hold capital letters and some small ones, without which no two are alike but for case
select
    coalesce(bool_or({key} <> lower({key})), false) and coalesce(bool_or({key} <> upper({key})), false) as is_mixed
from typed_rows
