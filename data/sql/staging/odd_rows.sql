-- one row a record that may be a total, a comment or the header again, with its cells; at most $most
select [{cells}] as cells
from stage
where
    c0 = $heading
    or c0 is null
    or starts_with(c0, '#')
    -- few cells begin with a space or with the letter of such a word (E, G, S, T, Z); the others need no trimming
    or case
        when ascii(c0) in (32, 69, 71, 83, 84, 90, 101, 103, 115, 116, 122) or ascii(c0) > 127
            then
                lower(substr(trim(c0), 1, 5)) in (
                    'total', 'grand', 'subto', 'sub t', 'sub-t', 'summe', 'gesam', 'endsu', 'zwisc', 'sous-', 'eindt', 'somme'
                )
                or lower(c0) in ('suma', 'soma')
        else false
    end
limit $most
