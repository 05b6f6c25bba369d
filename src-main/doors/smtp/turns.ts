/** For all who wait together in one turn of the event loop; the rest of it is for new commands. */
const maxTurnMs = 4
const waiting: (() => void)[] = []
let isPlanned = false

/**
 * Goes on in a later turn of the event loop, in the order of asking. A client that writes thousands
 * of commands ahead has a few of them obeyed at a time, and the others theirs in between.
 */
export function inTurn(goOn: () => void): void {
  waiting.push(goOn)
  if (isPlanned) return
  isPlanned = true
  setImmediate(runTurn)
}

function runTurn(): void {
  const end = performance.now() + maxTurnMs
  // Those that ask again meanwhile come after all the others, in the next turn.
  const count = waiting.length
  for (let done = 0; done < count && (done === 0 || performance.now() < end); done += 1)
    waiting.shift()?.()
  isPlanned = waiting.length > 0
  if (isPlanned) setImmediate(runTurn)
}
