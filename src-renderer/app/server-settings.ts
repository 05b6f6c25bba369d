import { create } from 'zustand'
import type { Settings, SettingsChange } from '../../src-main/contract/settings.ts'
import { failed, type Load, loading, ready } from '../ui/load.ts'
import { listen } from './live.ts'
import { request } from './request.ts'

/** Addresses and settings of the server, for the frame, the inbox and the settings screen. */
export const useServerSettings = create<{ settings: Load<Settings> }>(() => ({ settings: loading }))

export async function loadServerSettings(): Promise<void> {
  try {
    const settings = await request('GET /v1/settings')
    useServerSettings.setState({ settings: ready(settings) })
  } catch (cause) {
    useServerSettings.setState(({ settings }) =>
      settings.status === 'ready' ? {} : { settings: failed(cause) },
    )
  }
}

export async function changeSettings(change: SettingsChange): Promise<void> {
  const settings = await request('PATCH /v1/settings', { body: change })
  useServerSettings.setState({ settings: ready(settings) })
}

/** Environment variables for an app that sends through this server. */
export function environmentLines(settings: Settings, key: string): string {
  return [
    `MAILSAGE_URL=${settings.url}`,
    `MAILSAGE_API_KEY=${key}`,
    `SMTP_HOST=${settings.host}`,
    `SMTP_PORT=${settings.smtp_port}`,
    'SMTP_USER=mailsage',
    `SMTP_PASS=${key}`,
  ].join('\n')
}

listen({
  connected: loadServerSettings,
  events: (events) => {
    if (events.some(({ type }) => type === 'settings.updated')) void loadServerSettings()
  },
})
