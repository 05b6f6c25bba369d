/** Templates and their versions. */
export const templates = `
  CREATE TABLE templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    tenant_id TEXT,
    engine TEXT NOT NULL CHECK (engine IN ('liquid', 'handlebars')),
    name TEXT NOT NULL,
    description TEXT,
    subject TEXT NOT NULL,
    html TEXT,
    text TEXT,
    variables TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    used_at INTEGER,
    archived_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE UNIQUE INDEX templates_name ON templates (coalesce(tenant_id, ''), name)
  WHERE archived_at IS NULL;

  CREATE TABLE template_versions (
    template_id INTEGER NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    subject TEXT NOT NULL,
    html TEXT,
    text TEXT,
    variables TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (template_id, version)
  ) STRICT, WITHOUT ROWID;
`
