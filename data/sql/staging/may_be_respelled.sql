-- one row where a cell of a column of identities may be kept in another form than it is written in
select 1
from stage
where cells.may_have_forms({cell}) or not cells.is_tidy({cell})
limit 1
