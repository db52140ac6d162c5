-- a row if results are kept in the table
select 1 from duckdb_tables()
where schema_name = 'kept' and table_name = '{table}' and database_name = current_database()
