import type { Meter } from './meter.ts'

/** Collects the parts of a text. Each part is charged as it is added, and the whole is bounded. */
export function createTextWriter(meter: Pick<Meter, 'spendText' | 'checkLength'>) {
  const parts: string[] = []
  let length = 0
  return {
    /** Refuses a part of at least this length before it is made. */
    reserve: (more: number): void => meter.checkLength(length + more),
    add(part: string): void {
      meter.checkLength(length + part.length)
      meter.spendText(part.length)
      length += part.length
      parts.push(part)
    },
    read: (): string => parts.join(''),
  }
}

export type TextWriter = ReturnType<typeof createTextWriter>
