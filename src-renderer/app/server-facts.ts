import { create } from 'zustand'
import type { Settings, SettingsChange } from '../../src-main/contract/settings.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { listen } from './live.ts'
import { request } from './request.ts'

/** Where the server listens and how it is set; the frame, the inbox and the settings show it. */
export const useServerFacts = create<{ facts: Load<Settings> }>(() => ({ facts: loading }))

export async function loadServerFacts(): Promise<void> {
  try {
    const facts = await request('GET /v1/settings')
    useServerFacts.setState({ facts: ready(facts) })
  } catch (cause) {
    useServerFacts.setState(({ facts }) =>
      facts.status === 'ready' ? {} : { facts: failed(cause) },
    )
  }
}

export async function changeSettings(change: SettingsChange): Promise<void> {
  const facts = await request('PATCH /v1/settings', { body: change })
  useServerFacts.setState({ facts: ready(facts) })
}

/** Ready-made lines for an app's environment. */
export function environmentLines(facts: Settings, key: string): string {
  return [
    `MAILSAGE_URL=${facts.url}`,
    `MAILSAGE_API_KEY=${key}`,
    `SMTP_HOST=${facts.host}`,
    `SMTP_PORT=${facts.smtp_port}`,
    'SMTP_USER=mailsage',
    `SMTP_PASS=${key}`,
  ].join('\n')
}

listen({
  connected: loadServerFacts,
  events: (events) => {
    if (events.some(({ type }) => type === 'settings.updated')) void loadServerFacts()
  },
})
