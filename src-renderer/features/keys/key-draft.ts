import type { Key, KeyMode } from '../../../src-main/contract/keys.ts'
import type { Permission } from '../../../src-main/contract/permissions.ts'
import type { Expiry } from './key-choices.ts'
import { keysLabels } from './labels.ts'

/** The form of a key as typed, not validated yet. */
export type KeyDraft = {
  readonly name: string
  readonly mode: KeyMode
  readonly permissions: readonly Permission[]
  readonly expiry: Expiry
  readonly inbox: string
  readonly requestsPerMinute: string
  readonly emailsPerDay: string
  readonly senders: string
  readonly addresses: string
  readonly tenant: string
}

export type DraftProblems = Partial<Record<keyof KeyDraft, string>>

export const noTenant = 'none'

export function newDraft(names: readonly string[]): KeyDraft {
  return {
    name: suggestName('test', names),
    mode: 'test',
    permissions: ['send'],
    expiry: 'never',
    inbox: 'default',
    requestsPerMinute: '',
    emailsPerDay: '',
    senders: '',
    addresses: '',
    tenant: noTenant,
  }
}

export function draftOf(key: Key): KeyDraft {
  const { requests_per_minute: requests, emails_per_day: emails } = key.rate_limit
  return {
    name: key.name,
    mode: key.mode,
    permissions: key.permissions,
    expiry: 'never',
    inbox: key.inbox,
    requestsPerMinute: requests === null ? '' : String(requests),
    emailsPerDay: emails === null ? '' : String(emails),
    senders: key.allowed_senders.join('\n'),
    addresses: key.allowed_ips.join('\n'),
    tenant: key.tenant_id ?? noTenant,
  }
}

/** An unused name that states the key's mode. */
export function suggestName(mode: KeyMode, names: readonly string[]): string {
  const base = keysLabels.draft.suggestedName[mode]
  const taken = new Set(names)
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!taken.has(name)) return name
  }
}

const inboxName = /^[a-z0-9][a-z0-9._-]{0,63}$/i

/** An address, or a domain with or without a leading @. */
function isSender(text: string): boolean {
  const [local = '', domain, ...more] = text.split('@')
  if (/\s/.test(text) || more.length > 0) return false
  const isDomain = (domain ?? local).slice(1, -1).includes('.')
  return isDomain || (local !== '' && Boolean(domain))
}
const ipOrRange = /^[0-9a-f:.]+(\/\d{1,3})?$/i

/** The problems of each field; the server validates again. */
export function problemsOf(draft: KeyDraft): DraftProblems {
  const badSender = listOf(draft.senders).find((each) => !isSender(each))
  const badAddress = listOf(draft.addresses).find(
    (each) => !ipOrRange.test(each) || !/[.:]/.test(each),
  )
  const requests = limitProblem(draft.requestsPerMinute, 1_000_000)
  const emails = limitProblem(draft.emailsPerDay, 1_000_000_000)
  return {
    ...(draft.name.trim() === '' ? { name: keysLabels.draft.name } : {}),
    ...(draft.permissions.length === 0 ? { permissions: keysLabels.draft.permission } : {}),
    ...(inboxName.test(draft.inbox.trim()) ? {} : { inbox: keysLabels.draft.inbox }),
    ...(requests ? { requestsPerMinute: requests } : {}),
    ...(emails ? { emailsPerDay: emails } : {}),
    ...(badSender ? { senders: keysLabels.draft.sender(badSender) } : {}),
    ...(badAddress ? { addresses: keysLabels.draft.address(badAddress) } : {}),
  }
}

/** The request fields shared by creating and changing a key. */
export function settingsOf(draft: KeyDraft) {
  return {
    name: draft.name.trim(),
    permissions: [...draft.permissions],
    inbox: draft.inbox.trim(),
    rate_limit: {
      requests_per_minute: limitOf(draft.requestsPerMinute),
      emails_per_day: limitOf(draft.emailsPerDay),
    },
    allowed_senders: [...listOf(draft.senders)],
    allowed_ips: [...listOf(draft.addresses)],
  }
}

function listOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

function limitOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text.trim())
}

function limitProblem(text: string, max: number): string | null {
  const limit = limitOf(text)
  if (limit === null || (Number.isInteger(limit) && limit >= 1 && limit <= max)) return null
  return keysLabels.draft.limit
}
