import { JinjaProblem } from './problem.ts'
import { isDict, isSpecial, itemsOf, textOf, type Value } from './values.ts'

export type Meter = ReturnType<typeof createMeter>

const maxWork = 4_000_000
const charactersPerStep = 8
const comparisonsPerStep = 100
const maxText = 5_000_000
const maxOutput = 5_000_000
const maxCalls = 100

/** The steps of a list, a tuple or a map besides those of its entries; it needs about this memory. */
export const containerSteps = 8

/** An entry of a map needs more memory than one of a list. */
export const mapEntrySteps = 4

/** A function such as a cycler keeps closures. */
const functionSteps = 40

export const tooMuchWork =
  'It takes too many steps or too much memory. Make its loops and texts shorter.'

/**
 * The steps of a search before it runs: V8 cannot interrupt one, and it may compare each character of
 * the part at each place of the text.
 */
export const searchSteps = (length: number, partLength: number): number =>
  Math.ceil((Math.max(0, length - partLength + 1) * Math.max(1, partLength)) / comparisonsPerStep)

/** Bounds the steps, the values and the output of one rendering. */
export function createMeter(maxSteps = maxWork) {
  let left = maxSteps
  let output = 0
  let calls = 0
  const charged = new WeakSet<object>()

  const spend = (steps: number): void => {
    left -= Math.max(0, steps)
    if (left >= 0) return
    throw new JinjaProblem(tooMuchWork)
  }

  const checkLength = (length: number): void => {
    if (!(length <= maxText)) throw new JinjaProblem(tooMuchWork)
  }

  const spendText = (length: number): void => {
    checkLength(length)
    spend(Math.ceil(length / charactersPerStep))
  }

  /** A list or a map costs its entries once, however often it is returned. */
  function chargeResult(value: Value, alreadyCharged: number): void {
    const text = textOf(value)
    if (text !== null) checkLength(text.length)
    const steps = stepsOf(value)
    if (steps === 0 || (text === null && charged.has(Object(value)))) return
    if (text === null) charged.add(Object(value))
    spend(steps - alreadyCharged)
  }

  return {
    /** Call it before the work, with the number of items that the work makes. */
    spend,

    /** Call it before a text of this length is made. */
    spendText,

    /** Refuses a text of this length, but does not charge it. */
    checkLength,

    /** Call it before a search for a part in a text. */
    spendSearch: (length: number, partLength: number): void =>
      spend(searchSteps(length, partLength)),

    /**
     * Each filter, method, function and operator returns through it: the size of a new result is
     * charged, less the steps that the work charged itself.
     */
    result(work: () => Value, input?: Value): Value {
      const before = left
      const value = work()
      if (value !== input) chargeResult(value, before - left)
      return value
    },

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

/** The steps of a text, or of a list or another value that is an object. */
function stepsOf(value: Value): number {
  const text = textOf(value)
  if (text !== null) return Math.ceil(text.length / charactersPerStep)
  const items = itemsOf(value)
  if (items) return items.length + containerSteps
  if (isDict(value)) return value.size * mapEntrySteps + containerSteps
  if (isSpecial(value, 'namespace')) return value.fields.size * mapEntrySteps + containerSteps
  return isSpecial(value, 'callable') ? functionSteps : 0
}
