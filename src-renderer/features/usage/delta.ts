import { answersOf, type Figures } from '../../../src-main/contract/usage.ts'

export type Good = 'more' | 'less' | 'neither'
export type Delta = {
  readonly direction: 'up' | 'down' | 'same'
  readonly tone: 'good' | 'bad' | 'plain'
  /** Null: there is nothing to divide by. */
  readonly fraction: number | null
}

/** What became of a figure: the colour says good or bad, the arrow says more or less. */
export function deltaOf(now: number | null, before: number | null, good: Good): Delta | null {
  if (now === null || before === null) return null
  if (now === before) return { direction: 'same', tone: 'plain', fraction: 0 }
  const direction = now > before ? 'up' : 'down'
  const isGood = (direction === 'up') === (good === 'more')
  return {
    direction,
    tone: good === 'neither' ? 'plain' : isGood ? 'good' : 'bad',
    fraction: before === 0 ? null : (now - before) / before,
  }
}

/** The share of answers that were refusals. */
export function errorRate(figures: Figures): number | null {
  const { answered, refused } = answersOf(figures)
  return answered === 0 ? null : refused / answered
}
