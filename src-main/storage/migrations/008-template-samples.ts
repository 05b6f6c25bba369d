/** Sample data of templates, by name. */
export const templateSamples = `
  CREATE TABLE template_samples (
    template_id INTEGER NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (template_id, name)
  ) STRICT, WITHOUT ROWID;
`
