import type { Key, KeyMode } from '../../../src-main/contract/keys.ts'
import type { Permission } from '../../../src-main/contract/permissions.ts'
import type { Expiry } from './key-choices.ts'

/** A key as it is being written down, before anything is sure of it. */
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

/** A name that says what the key is and that no other key has. */
export function suggestName(mode: KeyMode, names: readonly string[]): string {
  const base = mode === 'live' ? 'Live key' : 'Test key'
  const taken = new Set(names)
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!taken.has(name)) return name
  }
}

const inboxName = /^[a-z0-9][a-z0-9._-]{0,63}$/i
/** An address, or a domain with or without its @. */
function isSender(text: string): boolean {
  const [local = '', domain, ...more] = text.split('@')
  if (/\s/.test(text) || more.length > 0) return false
  const isDomain = (domain ?? local).slice(1, -1).includes('.')
  return isDomain || (local !== '' && Boolean(domain))
}
const ipOrRange = /^[0-9a-f:.]+(\/\d{1,3})?$/i

/** What is wrong with a draft, field by field; the relay has the last word. */
export function problemsOf(draft: KeyDraft): DraftProblems {
  const badSender = listOf(draft.senders).find((each) => !isSender(each))
  const badAddress = listOf(draft.addresses).find(
    (each) => !ipOrRange.test(each) || !/[.:]/.test(each),
  )
  const requests = limitProblem(draft.requestsPerMinute, 1_000_000)
  const emails = limitProblem(draft.emailsPerDay, 1_000_000_000)
  return {
    ...(draft.name.trim() === '' ? { name: 'Give the key a name.' } : {}),
    ...(draft.permissions.length === 0 ? { permissions: 'Choose at least one permission.' } : {}),
    ...(inboxName.test(draft.inbox.trim())
      ? {}
      : { inbox: 'Use letters, digits, dots, dashes and underscores.' }),
    ...(requests ? { requestsPerMinute: requests } : {}),
    ...(emails ? { emailsPerDay: emails } : {}),
    ...(badSender ? { senders: `“${badSender}” is neither an address nor a domain.` } : {}),
    ...(badAddress ? { addresses: `“${badAddress}” is neither an IP address nor a range.` } : {}),
  }
}

/** The part of a request body that a new key and a changed one share. */
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

function limitProblem(text: string, most: number): string | null {
  const limit = limitOf(text)
  if (limit === null || (Number.isInteger(limit) && limit >= 1 && limit <= most)) return null
  return 'Write a whole number from 1 on, or leave it empty.'
}
