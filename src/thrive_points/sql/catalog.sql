-- What a database says of its own functions, triggers and constraints. Each statement answers with
-- at most one row: what it found, and whether that is switched on.
--
-- On PostgreSQL everything is looked for in the schema in which the ledger's table is found, not
-- along the whole search path: there another tenant, or the shared schema, may have what this one
-- lacks.

-- name: postgresql_function
SELECT prosrc, true FROM pg_proc
WHERE proname = %(name)s AND pronamespace = (
    SELECT relnamespace FROM pg_class WHERE oid = to_regclass(%(ledger)s))

-- name: postgresql_trigger
SELECT pg_get_triggerdef(oid, true), tgenabled IN ('O', 'A')
FROM pg_trigger WHERE tgname = %(name)s AND tgrelid = to_regclass(%(table)s)

-- name: postgresql_constraint
-- The foreign key's own triggers can be switched off too.
SELECT pg_get_constraintdef(oid, true),
       NOT EXISTS (SELECT 1 FROM pg_trigger
                   WHERE tgconstraint = found.oid AND tgenabled NOT IN ('O', 'A'))
FROM pg_constraint AS found WHERE conname = %(name)s AND conrelid = to_regclass(%(table)s)

-- name: sqlite_trigger
SELECT sql, 1 FROM sqlite_master
WHERE type = 'trigger' AND name = %(name)s AND tbl_name = %(table)s

-- name: postgresql_more_than_needed
-- What this connection's role may do to the ledger beyond reading and appending.
SELECT CASE
    WHEN pg_has_role(owned.relowner, 'USAGE') THEN 'owns'
    ELSE (
        SELECT string_agg(lower(privilege), ', ' ORDER BY privilege)
        FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS may (privilege)
        WHERE has_table_privilege(owned.oid, privilege))
    END, current_user
FROM pg_class AS owned WHERE oid = to_regclass(%(ledger)s)
