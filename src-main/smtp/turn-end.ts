let waiting: (() => void)[] = []

/**
 * Runs at the end of this turn of the event loop. The replies of all connections go out together: a
 * write costs more than any other step of a message, and commands of one packet are answered in one
 * (RFC 2920 §3.2).
 */
export function flushAtTurnEnd(flush: () => void): void {
  if (waiting.length === 0) setImmediate(flushAll)
  waiting.push(flush)
}

function flushAll(): void {
  const all = waiting
  waiting = []
  for (const flush of all) flush()
}
