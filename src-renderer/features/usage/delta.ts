import { answersOf, type Figures } from '../../../src-main/contract/usage.ts'

export type Good = 'more' | 'less' | 'neither'
export type Delta = {
  readonly direction: 'up' | 'down' | 'same'
  readonly tone: 'good' | 'bad' | 'plain'
  /** Null when the previous figure is zero. */
  readonly fraction: number | null
}

/** The change of a figure: the tone rates it, the direction gives its sign. */
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

/** The share of refused requests among the answered ones. */
export function errorRate(figures: Figures): number | null {
  const { answered, refused } = answersOf(figures)
  return answered === 0 ? null : refused / answered
}
