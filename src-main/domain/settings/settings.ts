import type { LiveSettings, Settings, SettingsChange } from '../../contract/settings.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import { type LiveCaller, requireInstallation } from '../auth/caller.ts'
import { requireUnbound } from '../auth/key-bounds.ts'

export type SettingsStore = ReturnType<typeof createSettings>

type SettingsDeps = {
  readonly initial: LiveSettings
  /** Settings that cannot change while running; known once the listeners are open. */
  readonly fixed: () => Omit<Settings, keyof LiveSettings>
  readonly save: (change: SettingsChange) => void
  readonly queue: CommitQueue
}

export function createSettings({ initial, fixed, save, queue }: SettingsDeps) {
  let current = initial

  const read = (): Settings => ({ ...current, ...fixed() })

  return {
    current: (): LiveSettings => current,
    read,
    async change(caller: LiveCaller, change: SettingsChange): Promise<Settings> {
      requireInstallation(caller, 'change the settings')
      if (change.plan !== undefined) {
        requireUnbound(caller, 'change the plan, which sets the limits of all keys')
      }
      save(change)
      const { next_start: _ports, ...live } = change
      const given = Object.entries(live).filter(([, value]) => value !== undefined)
      current = { ...current, ...Object.fromEntries(given) }
      await queue.write((transaction) =>
        transaction.append({
          type: 'settings.updated',
          data: {
            changed: Object.keys(change),
            by: caller.publicId,
            ...(change.capture_paused === undefined
              ? {}
              : { capture_paused: change.capture_paused }),
          },
        }),
      )
      return read()
    },
  }
}
