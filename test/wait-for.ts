import { setTimeout as pause } from 'node:timers/promises'

const pollMs = 10

/** Polls until `probe` is true; for work of another process or a loop. */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`)
    await pause(pollMs)
  }
}
