import type { Reply } from './api-client.ts'

/**
 * A live key with every permission was made to administer the server, not for one app. Found in the
 * environment, it sends nothing for real without `--live`.
 */
export function isAdminKey({ mode, permissions }: Reply<'GET /v1/session'>): boolean {
  return mode === 'live' && permissions.includes('*')
}
