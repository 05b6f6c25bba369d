let waiting: (() => void)[] = []

/**
 * Replies go out together at the end of a turn of the event loop, those of all connections in a
 * row: to send is the dearest part of a message, and commands that came in one packet are answered
 * in one (RFC 2920 §3.2).
 */
export function atEndOfTurn(send: () => void): void {
  if (waiting.length === 0) setImmediate(sendAll)
  waiting.push(send)
}

function sendAll(): void {
  const all = waiting
  waiting = []
  for (const send of all) send()
}
