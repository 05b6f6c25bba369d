import { connectLabels } from './labels.ts'
/** The problem with a first request, and its fix. */
export type Advice = { readonly problem: string; readonly fix: string }

const known: Readonly<Record<string, Advice>> = connectLabels.advice

/** Falls back to the log for other faults. */
export function adviceFor(fault: string): Advice {
  return (
    known[fault] ?? {
      problem: connectLabels.refusals.other(fault.replaceAll('_', ' ')),
      fix: connectLabels.refusals.seeLog,
    }
  )
}
