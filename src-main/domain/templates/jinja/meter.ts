import { JinjaProblem } from './problem.ts'

export type Meter = ReturnType<typeof createMeter>

const maxWork = 4_000_000
const charactersPerStep = 8
const maxOutput = 5_000_000
const maxCalls = 100

/** Bounds the steps, the values and the output of one rendering. */
export function createMeter() {
  let left = maxWork
  let output = 0
  let calls = 0

  const spend = (steps: number): void => {
    left -= steps
    if (left >= 0) return
    throw new JinjaProblem(
      'It takes too many steps or too much memory. Make its loops and texts shorter.',
    )
  }

  return {
    /** Call it before the work, with the number of items that the work makes. */
    spend,

    /** Call it before a text of this length is made. */
    spendText: (length: number): void => spend(Math.ceil(length / charactersPerStep)),

    addOutput(length: number): void {
      output += length
      if (output > maxOutput) {
        throw new JinjaProblem('The result is longer than 5,000,000 characters.')
      }
    },

    /** Bounds the nesting of calls of macros and `loop()`. */
    nested<Result>(call: () => Result): Result {
      if (calls >= maxCalls) {
        throw new JinjaProblem(
          `Calls of macros and loop() are nested more than ${maxCalls} levels deep.`,
        )
      }
      calls += 1
      try {
        return call()
      } finally {
        calls -= 1
      }
    },
  }
}
