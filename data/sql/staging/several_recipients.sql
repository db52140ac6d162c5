-- at most one row: a message that went to more than one recipient
select typed_rows.{key}
from typed_rows
inner join stage on typed_rows.record = stage.rowid
where typed_rows.{key} is not null
group by typed_rows.{key}
having min({cell}) <> max({cell})
limit 1
