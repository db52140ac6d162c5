-- a row if results are kept
select 1 from duckdb_tables() where schema_name = 'kept' and table_name = 'results' and database_name = current_database()
