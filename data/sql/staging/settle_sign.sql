-- puts a currency in place of its sign
update typed_rows set currency = $code where currency = $sign
