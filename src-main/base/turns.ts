const waiting: (() => void)[] = []
let isPlanned = false

/**
 * Runs `goOn` in a later turn of the event loop, one caller per turn, in order. A client that sends
 * thousands of commands in one packet is served in parts, with all other clients in between.
 */
export function inTurn(goOn: () => void): void {
  waiting.push(goOn)
  if (isPlanned) return
  isPlanned = true
  setImmediate(runNext)
}

function runNext(): void {
  const goOn = waiting.shift()
  isPlanned = waiting.length > 0
  // Before it runs: an error of one caller must not stop the others.
  if (isPlanned) setImmediate(runNext)
  goOn?.()
}
