/**
 * `live`: a live key saved the template, so a test key may neither change nor delete it. Templates
 * of earlier versions count as live, since nothing says which key made them.
 */
export const templateModes = `
  ALTER TABLE templates ADD COLUMN mode TEXT NOT NULL DEFAULT 'live'
  CHECK (mode IN ('live', 'test'));
`
