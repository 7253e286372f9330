-- How the lake becomes a snapshot: one statement a block, each named by the comment above it. $files are the
-- Parquet files of the documents that are new; $gone the ids of documents that are not, or no longer, in the lake.

-- name: forget header_cells
DELETE FROM header_cells WHERE table_id IN (SELECT table_id FROM tables WHERE document_id IN (SELECT unnest($gone::VARCHAR[])));
-- name: forget sheets
DELETE FROM sheets WHERE ordinal IN (SELECT ordinal FROM documents WHERE document_id IN (SELECT unnest($gone::VARCHAR[])));
-- name: forget figures
DELETE FROM figures WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget tables
DELETE FROM tables WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget statements
DELETE FROM statements WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget passages
DELETE FROM passages WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget warnings
DELETE FROM warnings WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget unread
DELETE FROM unread WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget document_files
DELETE FROM document_files WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));
-- name: forget documents
DELETE FROM documents WHERE document_id IN (SELECT unnest($gone::VARCHAR[]));

-- name: add document
INSERT INTO documents (document_id, disclosure_id, edition_rank, file, format, agency, affiliate_of, region, year, kind, scope, title, page_count, size)
VALUES ($document_id, $document_id, 1, $file, $format, $agency, $affiliate_of, $region, $year, $kind, $scope, $title, $page_count, $size);
-- name: add files
INSERT INTO document_files SELECT $document_id, unnest($files::VARCHAR[]);

-- name: order documents
UPDATE documents SET ordinal = placed.ordinal FROM (
    SELECT document_id, (SELECT coalesce(max(ordinal), 0) FROM documents) + row_number() OVER (ORDER BY agency_id, year, kind, document_id) AS ordinal
    FROM documents WHERE ordinal IS NULL) placed
WHERE documents.document_id = placed.document_id;
-- name: new in order
SELECT document_id FROM documents WHERE document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY ordinal;

-- name: add tables
INSERT INTO tables BY NAME
SELECT t.*, d.ordinal FROM read_parquet($files) t JOIN documents d USING (document_id) ORDER BY d.ordinal, t.position;
-- name: add figures
INSERT INTO figures BY NAME
SELECT f.*, d.ordinal FROM read_parquet($files) f JOIN documents d USING (document_id) ORDER BY d.ordinal, f.figure_id;
-- name: figures of sheets
SELECT d.ordinal, f.figure_id, t.table_id, t.position, t.title, t.form, f.row, f.column_index, f.row_label, f.row_path, f.code, f.column_path,
       f.unit, f.amount, f.number, f.cell, f.page, f.x0, f.top, f.x1, f.bottom, f.item, f.flow, f.fund, f.classification, f.portion, f.measure,
       f.about_year, f.role, f.doubt
FROM documents d JOIN tables t ON t.ordinal = d.ordinal JOIN figures f ON f.ordinal = d.ordinal AND f.table_id = t.table_id
WHERE d.document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY d.ordinal, t.position, f.row, f.column_index;
-- name: statements of sheets
SELECT d.ordinal, s.statement_id, s.passage_id, p.section, s.subject, s.context, s.quote, s.unit, s.amount, s.number, s.text, s.page,
       s.x0, s.top, s.x1, s.bottom, s.flow, s.fund, s.measure, s.change, s.about_year, s.reason
FROM documents d JOIN passages p ON p.ordinal = d.ordinal JOIN statements s ON s.ordinal = d.ordinal AND s.passage_id = p.passage_id
WHERE d.document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY d.ordinal, s.statement_id;
-- name: tables of sheets
SELECT d.ordinal, t.table_id, t.title, t.form, t.is_empty, t.notes, t.pages FROM documents d JOIN tables t ON t.ordinal = d.ordinal
WHERE d.document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY d.ordinal, t.position;
-- name: headers of sheets
SELECT d.ordinal, h.table_id, h.axis, h.first, h.last, h.text, h.page, h.x0, h.top, h.x1, h.bottom
FROM documents d JOIN header_cells h ON h.ordinal = d.ordinal
WHERE d.document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY d.ordinal, h.table_id, h.axis, h.first, h.depth;
-- name: add sheets
INSERT INTO sheets SELECT ordinal, figures, statements, tables, headers FROM packed;
-- name: add header_cells
INSERT INTO header_cells BY NAME
SELECT h.* EXCLUDE (document_id, read_by), d.ordinal FROM read_parquet($files) h JOIN documents d USING (document_id)
ORDER BY d.ordinal, h.table_id, h.axis, h.first;
-- name: add passages
INSERT INTO passages BY NAME
SELECT p.*, d.ordinal FROM read_parquet($files) p JOIN documents d USING (document_id) ORDER BY d.ordinal, p.position;
-- name: add statements
INSERT INTO statements BY NAME
SELECT s.*, d.ordinal FROM read_parquet($files) s JOIN documents d USING (document_id) ORDER BY d.ordinal, s.statement_id;
-- name: add warnings
INSERT INTO warnings BY NAME SELECT document_id, code, CAST(to_json(map_from_entries(details)) AS VARCHAR) AS details FROM read_parquet($files);
-- name: add unread
INSERT INTO unread BY NAME SELECT * FROM read_parquet($files);

-- name: known documents
SELECT d.document_id, d.format, d.agency, d.year, d.kind, d.scope, coalesce(f.figures, 0), coalesce(f.doubtful, 0),
       d.agency_id, d.disclosure_id, d.edition_rank
FROM documents d LEFT JOIN (SELECT document_id, count(*) AS figures, count(doubt) AS doubtful FROM figures GROUP BY document_id) f USING (document_id)
ORDER BY d.document_id;
-- name: contents
SELECT list(DISTINCT coalesce(t.form, t.title)), list(DISTINCT f.amount) FILTER (f.amount <> 0)
FROM figures f JOIN tables t USING (table_id) WHERE f.document_id = $document_id;
-- name: place document
UPDATE documents SET agency_id = $agency_id, disclosure_id = $disclosure_id, edition_rank = $edition_rank WHERE document_id = $document_id;

-- name: empty labels
DELETE FROM labels;
-- name: add labels
INSERT INTO labels SELECT DISTINCT f.item, f.classification, f.code FROM figures f JOIN documents d ON d.ordinal = f.ordinal
WHERE d.edition_rank = 1 ORDER BY ALL;

-- name: passages to index
SELECT p.passage_id, p.document_id, d.agency_id, d.year, d.kind, p.topic, p.section, p.text
FROM passages p JOIN documents d USING (document_id) WHERE p.document_id IN (SELECT unnest($new::VARCHAR[])) ORDER BY p.passage_id;
