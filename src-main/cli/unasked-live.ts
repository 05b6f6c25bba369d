import type { Reply } from './api-client.ts'

/**
 * A live key with every permission administers the server and belongs to no single app. From the
 * environment, it sends mail only with `--live`.
 */
export function isAdminKey({ mode, permissions }: Reply<'GET /v1/session'>): boolean {
  return mode === 'live' && permissions.includes('*')
}
