-- What tells that an agency changed its name. Each block is named by the comment above it.

-- name: agencies
SELECT d.agency, any_value(d.region) AS region, list(DISTINCT struct_pack(year := d.year, kind := d.kind)) AS published
FROM documents d WHERE d.agency IS NOT NULL AND d.year IS NOT NULL AND d.kind IS NOT NULL
GROUP BY d.agency ORDER BY d.agency;

-- name: said
-- passages of an agency's own documents with a word of renaming
SELECT d.agency, p.text FROM passages p JOIN documents d USING (document_id)
WHERE d.agency IS NOT NULL AND EXISTS (SELECT 1 FROM unnest($words::VARCHAR[]) AS w(word) WHERE contains(p.text, w.word));

-- name: last year's
-- what the documents of $present say an item was the year before: the amount less its stated change, or a column of last year
SELECT s.subject AS item, d.kind, d.year - 1 AS year, s.amount - CASE c.change WHEN 'decrease' THEN -c.amount ELSE c.amount END AS amount
FROM statements s JOIN statements c ON c.document_id = s.document_id AND c.passage_id = s.passage_id AND c.subject = s.subject
JOIN documents d ON d.document_id = s.document_id
WHERE d.agency = $present AND c.measure = 'change' AND c.amount IS NOT NULL AND s.measure IN ('budget', 'final')
UNION ALL
SELECT f.item, d.kind, f.about_year, f.amount FROM figures f JOIN documents d USING (document_id)
WHERE d.agency = $present AND f.about_year = d.year - 1 AND f.amount IS NOT NULL
  AND ((d.kind = 'budget' AND f.measure = 'budget') OR (d.kind = 'final' AND f.measure = 'final'));

-- name: printed
-- what the documents of $former print
SELECT f.item, d.kind, d.year, f.amount FROM figures f JOIN documents d USING (document_id)
WHERE d.agency = $former AND f.about_year = d.year AND f.amount IS NOT NULL
UNION
SELECT s.subject, d.kind, d.year, s.amount FROM statements s JOIN documents d USING (document_id)
WHERE d.agency = $former AND s.amount IS NOT NULL AND s.measure IN ('budget', 'final');
