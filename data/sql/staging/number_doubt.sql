-- one row where a cell of the column could be a number with separators between thousands, none otherwise
select 1 as doubt
from stage
where contains({cell}, ',') or contains({cell}, '.') and length({cell}) - strpos({cell}, '.') = 3
limit 1
