-- one row a currency that is no code of three letters, with its rows and the first line of them
select currency, count(*) as row_count, min(line) as line
from typed_rows
where currency is not null and not (strlen(currency) = 3 and length(currency) = 3)
group by currency
order by line
