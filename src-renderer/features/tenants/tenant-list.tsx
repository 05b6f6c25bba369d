import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { Tenant } from '../../../src-main/contract/tenants.ts'
import { routeHash } from '../../app/router.ts'
import { formatCount, formatDate } from '../../ui/format.ts'
import { Card } from '../../ui/page.tsx'
import { tenantsLabels } from './labels.ts'
import { useTenants } from './tenants-store.ts'

const rowHeight = 48
const maxShown = 14
const grid = 'grid grid-cols-[minmax(0,1fr)_64px_104px_132px_136px_104px] items-center'

/** Tenants, newest first, as a virtual list. */
export function TenantList({ tenants }: { tenants: readonly Tenant[] }) {
  const { keys, emails } = useTenants()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: tenants.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    initialRect: { width: 800, height: rowHeight * maxShown },
  })
  const keysOf = (id: string) => keys.filter(({ tenant_id }) => tenant_id === id).length
  return (
    <Card>
      <div className={`${grid} h-9 bg-sunken font-medium text-ink-faint text-sm`}>
        <span className="pl-4">{tenantsLabels.list.tenant}</span>
        <span className="px-3 text-right">{tenantsLabels.keys}</span>
        <span className="px-3 text-right">{tenantsLabels.list.thisMonth}</span>
        <span className="px-3">{tenantsLabels.limits}</span>
        <span className="px-3">{tenantsLabels.relay}</span>
        <span className="px-3">{tenantsLabels.created}</span>
      </div>
      <div
        ref={scroller}
        className="overflow-y-auto"
        style={{ height: Math.min(tenants.length, maxShown) * rowHeight }}
      >
        <ul
          aria-label={tenantsLabels.list.label}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const tenant = tenants[index]
            if (!tenant) return null
            return (
              <li
                key={tenant.id}
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <Row
                  tenant={tenant}
                  keys={keysOf(tenant.id)}
                  emails={emails === null ? null : (emails.get(tenant.id) ?? 0)}
                />
              </li>
            )
          })}
        </ul>
      </div>
    </Card>
  )
}

type RowProps = { tenant: Tenant; keys: number; emails: number | null }

function Row({ tenant, keys, emails }: RowProps) {
  const { id, name, domain, smtp, rate_limit, created_at } = tenant
  const relay = smtp ? `${smtp.host}:${smtp.port}` : tenantsLabels.defaultRelay
  return (
    <a
      href={routeHash('tenants', id)}
      data-tenant={id}
      className={`${grid} h-full border-line border-t hover:bg-hover focus-visible:-outline-offset-2`}
    >
      <span className="min-w-0 pr-3 pl-4">
        <span className="block truncate font-medium" title={name}>
          {name}
        </span>
        <span className="block truncate font-mono text-ink-faint text-xs">{domain ?? id}</span>
      </span>
      <span className="figures px-3 text-right text-ink-muted">{formatCount(keys)}</span>
      <span className="figures px-3 text-right">
        {emails === null ? '–' : formatCount(emails)}
        <span className="sr-only">{tenantsLabels.list.emailsThisMonth}</span>
      </span>
      <span
        className="figures line-clamp-2 px-3 text-ink-muted text-sm leading-4"
        title={limitsOf(rate_limit)}
      >
        {limitsOf(rate_limit)}
      </span>
      <span className="truncate px-3 text-ink-muted text-sm" title={relay}>
        {relay}
      </span>
      <span className="truncate px-3 text-ink-muted text-sm">{formatDate(created_at)}</span>
    </a>
  )
}

function limitsOf({ requests_per_minute, emails_per_day }: Tenant['rate_limit']): string {
  const parts = [
    requests_per_minute === null ? null : tenantsLabels.list.perMinute(requests_per_minute),
    emails_per_day === null ? null : tenantsLabels.list.perDay(emails_per_day),
  ].filter((part) => part !== null)
  return parts.length === 0 ? tenantsLabels.none : parts.join(', ')
}
