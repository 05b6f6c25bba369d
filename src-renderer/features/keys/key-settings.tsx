import type { ReactNode } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { CopyText } from '../../ui/copy.tsx'
import { formatCount, formatDate, formatDistance, formatExact } from '../../ui/format.ts'
import { DrawerSection } from './drawer-section.tsx'
import { permissionSentence } from './key-labels.ts'
import { KeyExpiry } from './key-times.tsx'

export function KeySettings({ apiKey }: { apiKey: Key }) {
  const { id, prefix, permissions, inbox, mode, tenant_id, created_at } = apiKey
  const { rate_limit, allowed_senders, allowed_ips, last_used_at, last_used_from } = apiKey
  const { requests_per_minute: requests, emails_per_day: emails } = rate_limit
  return (
    <DrawerSection title="Settings">
      <dl className="grid grid-cols-[112px_1fr] gap-x-3 gap-y-1.5">
        <Setting name="Id">
          <CopyText text={id} hint="Copy the id">
            <code className="text-sm">{id}</code>
          </CopyText>
        </Setting>
        <Setting name="Begins with">
          <code className="text-sm">{prefix.replace(/…$/, '')}…</code>
        </Setting>
        <Setting name="Permissions">
          <span title={permissions.join(', ')}>{permissionSentence(permissions)}</span>
        </Setting>
        {mode === 'test' && <Setting name="Inbox">{inbox}</Setting>}
        <Setting name="Limits">
          {requests === null ? 'Requests as the plan allows' : `${formatCount(requests)} a minute`},{' '}
          {emails === null ? 'any number of emails' : `${formatCount(emails)} emails a day`}
        </Setting>
        <Setting name="Senders">{listed(allowed_senders, 'Any sender')}</Setting>
        <Setting name="Addresses">{listed(allowed_ips, 'From anywhere')}</Setting>
        {tenant_id !== null && <Setting name="Tenant">{tenant_id}</Setting>}
        <Setting name="Expires">
          <KeyExpiry apiKey={apiKey} />
        </Setting>
        <Setting name="Last used">
          {last_used_at === null ? (
            'Never'
          ) : (
            <span title={formatExact(last_used_at)}>
              {formatDistance(last_used_at)}
              {last_used_from && ` from ${last_used_from}`}
            </span>
          )}
        </Setting>
        <Setting name="Created">
          <span title={formatExact(created_at)}>{formatDate(created_at)}</span>
        </Setting>
      </dl>
    </DrawerSection>
  )
}

function listed(values: readonly string[], none: string): ReactNode {
  if (values.length === 0) return none
  return values.map((value) => (
    <code key={value} className="block truncate text-sm" title={value}>
      {value}
    </code>
  ))
}

function Setting({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
