/**
 * Jobs and webhooks have the mode of their key. The event log says who created a webhook; one without
 * an entry receives events of all mail, as before.
 */
export const modes = `
  ALTER TABLE jobs ADD COLUMN mode TEXT NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));
  UPDATE jobs SET mode = 'test' WHERE key_id IN (SELECT id FROM keys WHERE mode = 'test');

  ALTER TABLE webhooks ADD COLUMN mode TEXT NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));
  UPDATE webhooks SET mode = 'test' WHERE public_id IN (
    SELECT e.data ->> '$.webhook' FROM events e
    JOIN keys k ON k.public_id = e.data ->> '$.by'
    WHERE e.type = 'webhook.created' AND k.mode = 'test'
  );
`
