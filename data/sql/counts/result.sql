-- fingerprint and text, for those of the keys that are kept
select key, text from kept.{table} where list_contains($keys, key)
