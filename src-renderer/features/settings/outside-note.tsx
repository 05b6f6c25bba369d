import type { Settings } from '../../../src-main/contract/settings.ts'

/** Says that a change here holds until the next start only. */
export function OutsideNote({ facts, env }: { facts: Settings; env: string }) {
  if (!facts.set_outside.includes(env)) return null
  return (
    <span className="mt-0.5 block text-warn-ink">
      {env} is set: it wins again when MailSage is started anew.
    </span>
  )
}
