/** Mail that waits for free relay capacity has a column, instead of a text in its last reply. */
export const heldMail = `
  ALTER TABLE deliveries ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

  UPDATE deliveries SET held = 1
  WHERE status = 'deferred' AND next_attempt_at IS NOT NULL AND last_reply =
    'Every relay has reached its daily limit; the next attempt is after midnight UTC.';

  CREATE INDEX deliveries_held ON deliveries (message_id) WHERE held = 1;
`
