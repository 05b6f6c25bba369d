import { consoleCaller } from '../domain/auth/caller.ts'
import type { Domain } from '../domain/domain.ts'

type Watcher = {
  /** Called at once and after each possible change. */
  readonly changed: (now: { readonly unread: number; readonly paused: boolean }) => void
  /** New captured messages, oldest first. */
  readonly arrived: (ids: readonly string[]) => void
  readonly alerted: (sentence: string) => void
}

const types = ['captured', 'inbox.changed', 'settings.updated', 'alert'] as const

/** Follows the event log for tray, badge and notifications. */
export function watchServer(domain: Domain, { changed, arrived, alerted }: Watcher): () => void {
  const stopped = new AbortController()

  function tell(): void {
    const unread = domain.inbox.inboxes(consoleCaller).reduce((sum, inbox) => sum + inbox.unread, 0)
    changed({ unread, paused: domain.settings.current().capture_paused })
  }

  async function follow(): Promise<void> {
    const { events } = domain
    const pages = events.follow(consoleCaller, events.lastSeq(), [...types], stopped.signal)
    for await (const page of pages) {
      if (page.length === 0) continue
      tell()
      const ids = page.flatMap(({ type, message_id: id }) =>
        type === 'captured' && id ? [id] : [],
      )
      if (ids.length > 0) arrived(ids)
      for (const { type, data } of page) {
        if (type === 'alert' && data.state === 'open') alerted(String(data.message))
      }
    }
  }

  tell()
  follow().catch((error: unknown) => console.error(error))
  return () => stopped.abort()
}
