-- one row where a cell of a column of identities may be kept in another form than it is written in
select 1
from stage
where ends_with({cell}, '.0') or strlen({cell}) between 36 and 47 or not cells.is_tidy({cell})
limit 1
