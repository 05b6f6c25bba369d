import type { ReactNode } from 'react'
import type { Key } from '../../../src-main/contract/keys.ts'
import { CopyText } from '../../ui/copy.tsx'
import { formatDate, formatDistance, formatExact } from '../../ui/format.ts'
import { DrawerSection } from './drawer-section.tsx'
import { KeyExpiry } from './key-times.tsx'
import { keysLabels } from './labels.ts'
import { PermissionChips } from './permission-chips.tsx'

export function KeySettings({ apiKey }: { apiKey: Key }) {
  const { id, prefix, permissions, inbox, mode, tenant_id, created_at } = apiKey
  const { rate_limit, allowed_senders, allowed_ips, last_used_at, last_used_from } = apiKey
  const { requests_per_minute: requests, emails_per_day: emails } = rate_limit
  return (
    <DrawerSection title={keysLabels.settings.title}>
      <dl className="grid grid-cols-[112px_1fr] gap-x-3 gap-y-1.5">
        <Setting name={keysLabels.settings.id}>
          <CopyText text={id} hint={keysLabels.settings.copyId}>
            <code className="text-sm">{id}</code>
          </CopyText>
        </Setting>
        <Setting name={keysLabels.settings.prefix}>
          <code className="text-sm">{prefix.replace(/…$/, '')}…</code>
        </Setting>
        <Setting name={keysLabels.permissions}>
          <PermissionChips permissions={permissions} />
        </Setting>
        {mode === 'test' && <Setting name={keysLabels.inbox}>{inbox}</Setting>}
        <Setting name={keysLabels.settings.limits}>
          {keysLabels.settings.limit(requests, emails)}
        </Setting>
        <Setting name={keysLabels.settings.senders}>
          {listed(allowed_senders, keysLabels.settings.anySender)}
        </Setting>
        <Setting name={keysLabels.settings.addresses}>
          {listed(allowed_ips, keysLabels.settings.anyAddress)}
        </Setting>
        {tenant_id !== null && <Setting name={keysLabels.tenant}>{tenant_id}</Setting>}
        <Setting name={keysLabels.expires}>
          <KeyExpiry apiKey={apiKey} />
        </Setting>
        <Setting name={keysLabels.lastUsed}>
          {last_used_at === null ? (
            keysLabels.never
          ) : (
            <span title={formatExact(last_used_at)}>
              {formatDistance(last_used_at)}
              {last_used_from && keysLabels.settings.from(last_used_from)}
            </span>
          )}
        </Setting>
        <Setting name={keysLabels.created}>
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
