import { clipboard, Notification } from 'electron'
import { consoleCaller } from '../domain/auth/caller.ts'
import type { Domain } from '../domain/domain.ts'
import type { Preferences, Target } from './bridge.ts'
import { type Notice, noticeOf } from './notification-text.ts'

type NoticeOptions = {
  readonly domain: Domain
  readonly notify: () => Preferences['notify']
  readonly isFocused: () => boolean
  readonly open: (target: Target | null) => void
}

const gatherMs = 500

/** Desktop notifications for new mail; a burst makes one notification. */
export function createNotices({ domain, notify, isFocused, open }: NoticeOptions) {
  let waiting: string[] = []
  let timer: NodeJS.Timeout | null = null
  // Without a reference a notification is garbage-collected, and its click is lost.
  const shown = new Set<Notification>()

  const isWanted = () => {
    const wish = notify()
    return wish === 'always' || (wish === 'unfocused' && !isFocused())
  }

  async function tell(): Promise<void> {
    const ids = waiting
    waiting = []
    timer = null
    const [first] = ids
    if (first === undefined || !isWanted()) return
    if (ids.length > 1) {
      show({ title: `${ids.length} new messages`, body: '', code: null }, null)
      return
    }
    const [message, { codes }] = await Promise.all([
      domain.inbox.get(consoleCaller, first),
      domain.extracts.of(consoleCaller, first),
    ])
    show(noticeOf(message, codes), { screen: 'inbox', id: first })
  }

  function show({ title, body, code }: Notice, target: Target | null): void {
    if (!Notification.isSupported()) return
    const actions = code === null ? [] : [{ type: 'button' as const, text: 'Copy code' }]
    const notification = new Notification({ title, body, actions })
    shown.add(notification)
    notification.on('click', () => open(target))
    notification.on('action', () => code !== null && clipboard.writeText(code))
    notification.on('close', () => shown.delete(notification))
    notification.show()
  }

  return {
    arrived(ids: readonly string[]): void {
      // Messages that arrived while notifications were off are not announced later.
      if (!isWanted()) return
      waiting.push(...ids)
      timer ??= setTimeout(() => tell().catch(reportGone), gatherMs)
    },
    alerted(sentence: string): void {
      if (isWanted()) show({ title: 'MailSage alert', body: sentence, code: null }, null)
    },
    close(): void {
      if (timer) clearTimeout(timer)
      for (const notification of shown) notification.close()
    },
  }
}

/** A message deleted within half a second needs no notification. */
function reportGone(error: unknown): void {
  console.warn('No notification:', error instanceof Error ? error.message : error)
}
