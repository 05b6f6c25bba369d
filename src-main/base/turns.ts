const waiting: (() => void)[] = []
let isPlanned = false

/**
 * Goes on in a later turn of the event loop, one caller a turn, in the order of asking. A client
 * that asks for much at once, such as thousands of commands in a packet, gets it in parts, and all
 * others are heard between them.
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
  // Before it runs: an error of one must not keep the others waiting for good.
  if (isPlanned) setImmediate(runNext)
  goOn?.()
}
