import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const tones = {
  neutral: 'bg-sunken text-ink-muted border-line',
  sage: 'bg-sage-soft text-sage-ink border-transparent',
  warn: 'bg-warn-soft text-warn-ink border-transparent',
  danger: 'bg-danger-soft text-danger-ink border-transparent',
  test: 'bg-test-soft text-test-ink border-transparent',
} as const

export type Tone = keyof typeof tones

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-sans text-xs font-medium',
        tones[tone],
      )}
    >
      {children}
    </span>
  )
}
