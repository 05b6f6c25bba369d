import type { RelayRow } from './rows.ts'

/** The name of a relay and its reply, for a caller. */
export type ShownReply = { readonly relay: string | null; readonly reply: string | null }

/** The caller, or the tenant that an event belongs to. */
export type Viewer = { readonly tenantId: string | null }

export const installationRelay = 'Relay of the installation'

/** A caller of the installation sees every relay, a tenant its own. */
export function isShownTo({ tenantId }: Viewer, row: RelayRow | undefined): boolean {
  return tenantId === null || row?.tenant_id === tenantId
}

/**
 * Shows the name of a relay and the text of its reply to its owner only. A tenant whose mail leaves
 * through the installation's relay sees the reply codes (RFC 5321 §4.2, RFC 3463) and a sentence of ours.
 */
export function showReply(
  viewer: Viewer,
  row: RelayRow | undefined,
  reply: string | null,
): ShownReply {
  if (isShownTo(viewer, row)) return { relay: row?.name ?? null, reply }
  return { relay: row ? installationRelay : null, reply: reply === null ? null : codesOf(reply) }
}

function codesOf(reply: string): string {
  const [codes, first] = /^([245])\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3}(?= |$))?/.exec(reply) ?? []
  if (codes === undefined) return 'The relay of the installation could not be used.'
  const sentence = first === '2' ? 'accepted the message' : 'did not take the message'
  return `${codes.replace('-', ' ')} The relay ${sentence}.`
}
