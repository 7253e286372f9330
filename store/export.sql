-- Every figure of every edition, a row each, for `mingzhang export`; a file that was ingested under two names has its rows
-- under both, with the same ids. The columns are a contract (docs/commands.md).
SELECT f.document_id, p.file, f.agency, f.year, f.kind, f.table_number, f.table_title, f.row_label,
       array_to_string(f.row_path, ' / ') AS row_path, f.code, array_to_string(f.column_path, ' / ') AS column_path,
       CASE WHEN f.format IN ('xlsx', 'xls', 'csv') THEN NULL ELSE f.page END AS page,   -- a sheet's position is no printed page
       f.x0, f.top, f.x1, f.bottom, f.cell, f.unit, f.amount AS amount_yuan, f.figure_id, f.read_by,
       array_to_string(f.checks, '; ') AS checks
FROM figures_all f JOIN document_files p USING (document_id)
ORDER BY p.file, f.document_id, f.table_position, f.row, f.column_index, f.figure_id
