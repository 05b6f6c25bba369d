import { ChevronRight, X } from 'lucide-react'
import { go } from '../../app/router.ts'
import { Icon } from '../../ui/icon.tsx'
import { outcomeLooks } from './outcome-colors.ts'
import { type UsageFilters, useUsage, widen } from './usage-store.ts'

/** What the figures are narrowed down to, one after the other; each can be taken away. */
export function FilterTrail() {
  const { filters, keys, tenants } = useUsage()
  const { keyId, tenantId, route, outcome } = filters
  const chips: [keyof UsageFilters, string, string][] = []
  if (keyId) chips.push(['keyId', 'Key', keys.get(keyId)?.name ?? keyId])
  if (tenantId) chips.push(['tenantId', 'Tenant', tenants.get(tenantId) ?? tenantId])
  if (route) chips.push(['route', 'Endpoint', route])
  if (outcome) {
    const look = outcomeLooks.find((one) => one.outcome === outcome)
    chips.push(['outcome', 'Outcome', look?.name ?? outcome])
  }
  if (chips.length === 0) return null
  return (
    <nav aria-label="Narrowed down to" className="flex flex-wrap items-center gap-1.5">
      <button
        type="button"
        onClick={showAll}
        className="h-6 rounded-sm px-1 text-ink-muted hover:bg-hover hover:text-ink"
      >
        All usage
      </button>
      {chips.map(([name, label, value]) => (
        <span key={name} className="flex min-w-0 items-center gap-1.5">
          <Icon of={ChevronRight} size={12} className="text-ink-faint" />
          <span className="flex h-6 min-w-0 items-center gap-1 rounded-md border border-line bg-sunken pr-0.5 pl-2 text-sm">
            <span className="text-ink-faint">{label}</span>
            <span className="max-w-60 truncate font-medium" title={value}>
              {value}
            </span>
            <button
              type="button"
              aria-label={`Remove ${label.toLowerCase()} ${value}`}
              onClick={() => (name === 'keyId' ? go('usage') : widen(name))}
              className="flex size-5 items-center justify-center rounded-sm text-ink-muted hover:bg-hover hover:text-ink"
            >
              <Icon of={X} size={12} />
            </button>
          </span>
        </span>
      ))}
    </nav>
  )
}

function showAll(): void {
  const { keyId, ...rest } = useUsage.getState().filters
  for (const name of Object.keys(rest) as (keyof UsageFilters)[]) widen(name)
  if (keyId) go('usage')
}
