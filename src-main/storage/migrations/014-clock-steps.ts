/** The rows at which the wall clock was set back, and the proven elapsed time. */
export const clockSteps = `
  -- Events and messages with higher numbers were written after the clock had been set back.
  CREATE TABLE clock_steps (
    seq INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL,
    -- The time before it was set back.
    at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE proven_time (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    uptime_ms INTEGER NOT NULL,
    ahead_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
  ) STRICT;
`
