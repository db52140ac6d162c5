-- one row a record that may be a total, a comment or the header again, with its cells; at most $most
select [{cells}] as cells
from stage
where
    c0 = $heading
    or c0 is null
    or starts_with(c0, '#')
    or lower(substr(trim(c0), 1, 5)) in ('total', 'grand', 'subto', 'sub t', 'sub-t', 'summe', 'gesam', 'endsu', 'zwisc', 'sous-', 'eindt', 'somme')
    or lower(c0) in ('suma', 'soma')
limit $most
