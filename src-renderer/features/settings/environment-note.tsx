import type { Settings } from '../../../src-main/contract/settings.ts'
import { settingsLabels } from './labels.ts'

/** Warns that an environment variable overrides the setting at the next start. */
export function EnvironmentNote({ facts, env }: { facts: Settings; env: string }) {
  if (!facts.set_outside.includes(env)) return null
  return <span className="mt-0.5 block text-warn-ink">{settingsLabels.setByEnvironment(env)}</span>
}
