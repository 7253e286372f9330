-- The semantic views: what people ask about. Generated SQL reads these and nothing else. Every row carries its figure_id,
-- and all views have the same columns, so that a plan can be pointed at any of them. Tables are joined by the ordinal of their
-- document: rows lie in its order, so that a question about one disclosure reads one stretch of each (measured at 2.5 M figures:
-- 8 ms instead of 30).

CREATE VIEW figures_all AS            -- every figure of every edition, with its document: citations and "also in"
SELECT f.figure_id, d.disclosure_id, f.document_id, d.edition_rank, d.agency, d.agency_id, d.affiliate_of, d.region, d.year, d.kind, d.scope,
       t.table_id, t.position AS table_position, t.number AS table_number, t.title AS table_title, t.form,
       f.row, f.column_index, f.row_label, f.row_path, f.code, f.level, f.column_path, f.unit, f.amount, f.number, f.cell, f.page,
       f.item, f.flow, f.fund, f.classification, f.portion, f.measure, f.about_year, f.role, f.checks, f.doubt, f.read_by,
       d.file, d.format, f.x0, f.top, f.x1, f.bottom
FROM documents d JOIN tables t ON t.ordinal = d.ordinal JOIN figures f ON f.ordinal = d.ordinal AND f.table_id = t.table_id;

CREATE VIEW disclosed_figures AS      -- one edition of each disclosure: what sums, ranks and comparisons read
SELECT * FROM figures_all WHERE edition_rank = 1;

CREATE VIEW income_by_source AS
SELECT * FROM disclosed_figures WHERE flow = 'income' AND classification IN ('source', 'summary');

CREATE VIEW spending_by_function AS
SELECT * FROM disclosed_figures WHERE flow = 'expenditure' AND classification = 'functional';

CREATE VIEW spending_by_economic_item AS
SELECT * FROM disclosed_figures WHERE classification IN ('economic_department', 'economic_government');

CREATE VIEW basic_and_project_spending AS
SELECT * FROM disclosed_figures WHERE flow = 'expenditure' AND (classification = 'nature' OR portion IN ('basic', 'project'));

CREATE VIEW three_public_expenses AS
SELECT * FROM disclosed_figures WHERE classification = 'three_public';

CREATE VIEW projects AS
SELECT * FROM disclosed_figures WHERE classification = 'project';

CREATE VIEW counted_things AS         -- vehicles, persons, groups, square metres
SELECT * FROM disclosed_figures WHERE classification = 'statistic' OR measure = 'count';

CREATE VIEW stated_figures AS         -- figures in prose
SELECT s.statement_id AS figure_id, d.disclosure_id, s.document_id, d.edition_rank, d.agency, d.agency_id, d.affiliate_of, d.region, d.year, d.kind, d.scope,
       s.passage_id, p.section, p.topic, s.subject AS item, s.context, s.quote, s.unit, s.amount, s.number, s.text AS cell, s.page,
       s.flow, s.fund, s.measure, s.change, s.about_year, s.reason,
       d.file, d.format, s.x0, s.top, s.x1, s.bottom
FROM documents d JOIN passages p ON p.ordinal = d.ordinal JOIN statements s ON s.ordinal = d.ordinal AND s.passage_id = p.passage_id;

CREATE VIEW disclosures AS            -- every document with the disclosure it is an edition of: what there is to ask about
SELECT document_id, disclosure_id, edition_rank, file, format, agency, agency_id, affiliate_of, region, year, kind, scope, title, ordinal
FROM documents;

CREATE VIEW published_tables AS       -- every table, empty ones too: whether a form was left blank
SELECT t.table_id, d.disclosure_id, d.document_id, d.edition_rank, d.agency, d.agency_id, d.year, d.kind, d.file,
       t.position AS table_position, t.number AS table_number, t.title AS table_title, t.form, t.unit, t.pages, t.notes, t.is_empty
FROM documents d JOIN tables t ON t.ordinal = d.ordinal;

CREATE VIEW printed_headers AS        -- header and row-label cells: where a cell was left blank
SELECT h.table_id, t.document_id, h.axis, h.first, h.last, h.depth, h.text, h.page, h.x0, h.top, h.x1, h.bottom
FROM tables t JOIN header_cells h ON h.ordinal = t.ordinal AND h.table_id = t.table_id;

CREATE VIEW printed_labels AS         -- everything that can be asked for by its printed name or code
SELECT item, classification, code FROM labels;
