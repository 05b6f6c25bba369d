/**
 * Due mail is found by tenant and by the chosen relay, so that mail for a relay that does not answer
 * never delays other mail. `tenant` '' means none, `relay_choice` 0 no choice. `awaits_relay`: 1,
 * deferred because no relay answered; 2, retried early once for that reason. `give_up_at`: the end of
 * the wait for a relay that does not answer (8 h 46 min).
 */
export const relayQueues = `
  ALTER TABLE deliveries ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
  ALTER TABLE deliveries ADD COLUMN relay_choice INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN awaits_relay INTEGER NOT NULL DEFAULT 0;

  ALTER TABLE deliveries ADD COLUMN give_up_at INTEGER NOT NULL DEFAULT 0;

  UPDATE deliveries SET give_up_at = coalesce(next_attempt_at, unixepoch() * 1000) + 31560000,
    tenant = coalesce(m.tenant_id, ''), relay_choice = coalesce(m.relay_id, 0)
  FROM messages m
  WHERE m.id = deliveries.message_id
    AND deliveries.status IN ('queued', 'sending', 'deferred', 'failed');

  CREATE INDEX deliveries_queue
  ON deliveries (tenant, relay_choice, next_attempt_at, message_id, give_up_at)
  WHERE next_attempt_at IS NOT NULL;

  CREATE INDEX deliveries_awaiting ON deliveries (tenant, relay_choice, next_attempt_at)
  WHERE awaits_relay = 1;
`
