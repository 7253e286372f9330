-- The snapshot's tables: one row a value of store/values.py. Money is DECIMAL in 元 (six decimals: 万元 are printed with
-- up to six, 元 with up to two). Paths are arrays, outermost first. Compiled from the lake, never changed after.

CREATE TABLE documents (
    document_id   VARCHAR PRIMARY KEY,
    disclosure_id VARCHAR NOT NULL,      -- one agency, year, kind and scope: its editions share it
    edition_rank  INTEGER NOT NULL,      -- 1 = the edition that sums and ranks use: the one read most surely
    file          VARCHAR NOT NULL,      -- path as ingested
    format        VARCHAR NOT NULL,
    agency        VARCHAR,
    agency_id     VARCHAR,               -- the same for one agency under its former and present name
    affiliate_of  VARCHAR,               -- the 部门 that a 单位 belongs to
    region        VARCHAR,
    year          INTEGER,
    kind          VARCHAR,               -- budget | final
    scope         VARCHAR,               -- department | unit
    title         VARCHAR,
    page_count    INTEGER,
    size          BIGINT NOT NULL,
    ordinal       INTEGER                -- its place in this snapshot: what belongs to one document lies together in every table
);

CREATE TABLE document_files (            -- every path under which the same bytes were ingested
    document_id VARCHAR NOT NULL,
    file        VARCHAR NOT NULL
);

CREATE TABLE tables (
    ordinal INTEGER NOT NULL,            -- documents.ordinal
    table_id      VARCHAR PRIMARY KEY,
    document_id   VARCHAR NOT NULL,
    position      INTEGER NOT NULL,      -- 0-based order in the document
    number        VARCHAR,
    title         VARCHAR NOT NULL,
    form          VARCHAR,               -- id in data/forms/
    unit          VARCHAR,
    pages         INTEGER[],
    notes         VARCHAR[],
    is_empty      BOOLEAN NOT NULL
);

CREATE TABLE figures (
    ordinal INTEGER NOT NULL,            -- documents.ordinal
    figure_id      VARCHAR PRIMARY KEY,
    document_id    VARCHAR NOT NULL,
    table_id       VARCHAR NOT NULL,
    row            INTEGER NOT NULL,
    column_index   INTEGER NOT NULL,
    row_label      VARCHAR NOT NULL,     -- '' where the row has no label
    row_path       VARCHAR[] NOT NULL,
    code           VARCHAR,
    level          VARCHAR,
    column_path    VARCHAR[] NOT NULL,
    unit           VARCHAR NOT NULL,
    amount         DECIMAL(24, 6),       -- 元; NULL where it isn't money
    number         DECIMAL(24, 6) NOT NULL,
    cell           VARCHAR NOT NULL,     -- as printed
    page           INTEGER,
    x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE,
    read_by        VARCHAR NOT NULL,
    item           VARCHAR NOT NULL,     -- the rest: store.values.Meaning
    flow           VARCHAR,
    fund           VARCHAR,
    classification VARCHAR,
    portion        VARCHAR,
    measure        VARCHAR,
    about_year     INTEGER,
    role           VARCHAR NOT NULL,
    checks         VARCHAR[] NOT NULL,
    doubt          VARCHAR
);

CREATE TABLE sheets (                    -- what a document prints once more, each kind as one value: store/sheets.py
    ordinal    INTEGER NOT NULL,         -- documents.ordinal
    figures    BLOB NOT NULL,
    statements BLOB NOT NULL,
    tables     BLOB NOT NULL,
    headers    BLOB NOT NULL
);

CREATE TABLE labels (                    -- what the figures of the best editions are called: each once, written anew with every snapshot
    item           VARCHAR NOT NULL,
    classification VARCHAR,
    code           VARCHAR
);

CREATE TABLE header_cells (
    ordinal INTEGER NOT NULL,            -- documents.ordinal
    table_id VARCHAR NOT NULL,
    axis     VARCHAR NOT NULL,           -- column | row
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    depth    INTEGER NOT NULL,
    text     VARCHAR NOT NULL,
    page     INTEGER,
    x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE
);

CREATE TABLE passages (
    ordinal INTEGER NOT NULL,            -- documents.ordinal
    passage_id  VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    section     VARCHAR[] NOT NULL,
    topic       VARCHAR,
    page        INTEGER,
    last_page   INTEGER,
    boxes       STRUCT(page INTEGER, x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE)[],
    text        VARCHAR NOT NULL,
    lines       STRUCT(start INTEGER, page INTEGER, x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE)[]   -- each printed line: where it begins in the text
);

CREATE TABLE statements (
    ordinal INTEGER NOT NULL,            -- documents.ordinal
    statement_id VARCHAR PRIMARY KEY,
    document_id  VARCHAR NOT NULL,
    passage_id   VARCHAR NOT NULL,
    subject      VARCHAR NOT NULL,
    context      VARCHAR[] NOT NULL,
    quote        VARCHAR NOT NULL,
    start        INTEGER NOT NULL,       -- offset of the quote in the passage's text
    text         VARCHAR NOT NULL,       -- the number as printed
    unit         VARCHAR NOT NULL,
    amount       DECIMAL(24, 6),
    number       DECIMAL(24, 6) NOT NULL,
    measure      VARCHAR,
    change       VARCHAR,                -- increase | decrease | same
    about_year   INTEGER,
    flow         VARCHAR,
    fund         VARCHAR,
    page         INTEGER,
    x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE,
    reason       VARCHAR
);

CREATE TABLE warnings (
    document_id VARCHAR NOT NULL,
    code        VARCHAR NOT NULL,
    details     VARCHAR NOT NULL         -- the message's placeholders, as a JSON object
);

CREATE TABLE unread (
    document_id VARCHAR NOT NULL,
    text        VARCHAR NOT NULL,
    page        INTEGER,
    x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE,
    why         VARCHAR NOT NULL
);
