import { ChevronRight, X } from 'lucide-react'
import { go } from '../../app/router.ts'
import { Icon } from '../../ui/icon.tsx'
import { usageLabels } from './labels.ts'
import { outcomeStyles } from './outcome-colors.ts'
import { removeFilter, type UsageFilters, useUsage } from './usage-store.ts'

/** The active filters; each can be removed. */
export function FilterTrail() {
  const { filters, keys, tenants } = useUsage()
  const { keyId, tenantId, route, outcome } = filters
  const chips: [keyof UsageFilters, string, string][] = []
  if (keyId) chips.push(['keyId', usageLabels.key, keys.get(keyId)?.name ?? keyId])
  if (tenantId) chips.push(['tenantId', usageLabels.tenant, tenants.get(tenantId) ?? tenantId])
  if (route) chips.push(['route', usageLabels.endpoint, route])
  if (outcome) {
    const style = outcomeStyles.find((one) => one.outcome === outcome)
    chips.push(['outcome', usageLabels.outcome, style?.name ?? outcome])
  }
  if (chips.length === 0) return null
  return (
    <nav aria-label={usageLabels.filters.label} className="flex flex-wrap items-center gap-1.5">
      <button
        type="button"
        onClick={showAll}
        className="h-6 rounded-sm px-1 text-ink-muted hover:bg-hover hover:text-ink"
      >
        {usageLabels.filters.all}
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
              aria-label={usageLabels.filters.remove(label.toLowerCase(), value)}
              onClick={() => (name === 'keyId' ? go('usage') : removeFilter(name))}
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
  for (const name of Object.keys(rest) as (keyof UsageFilters)[]) removeFilter(name)
  if (keyId) go('usage')
}
