/** The queue of a restored backup is held until it is released. */
export const restoredQueue = `
  -- One row while it waits.
  CREATE TABLE restored_queue (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    restored_at INTEGER NOT NULL,
    -- The database that was there before, beside this one.
    kept_file TEXT,
    -- Messages of that database that this one does not have; null: unknown.
    lost_messages INTEGER,
    -- Webhooks are not told of events up to this one either.
    event_seq INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE restored_scheduled (public_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE restored_jobs (job_id INTEGER PRIMARY KEY) STRICT;

  -- held 2: of a restored queue. held 1 waits for a relay to have room.
  CREATE INDEX deliveries_restored ON deliveries (message_id) WHERE held = 2;

  -- Whatever the code says: until the release it can only be cancelled.
  CREATE TRIGGER restored_deliveries_wait BEFORE UPDATE ON deliveries
  WHEN old.held = 2 AND new.status <> 'cancelled' AND EXISTS (SELECT 1 FROM restored_queue) BEGIN
    SELECT raise(IGNORE);
  END;
`
