import type { Usage } from '../../../src-main/contract/usage.ts'
import { go } from '../../app/router.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { Card, Section } from '../../ui/page.tsx'
import { FigureTable } from './figure-table.tsx'
import { usageLabels } from './labels.ts'
import { outcomeStyles } from './outcome-colors.ts'
import { addFilter, useUsage } from './usage-store.ts'

/** Figures by key, tenant, endpoint and outcome; a click on a name filters by it. */
export function UsageTables({ usage }: { usage: Usage }) {
  const { keys, tenants, areKeysKnown } = useUsage()
  const hasTenants = usage.tenants.some(({ tenant_id: id }) => id !== null)
  const modeOf = (id: string | null) => {
    if (id === null) return null
    return keys.get(id)?.mode ?? (areKeysKnown ? 'revoked' : null)
  }
  return (
    <>
      <Section title={usageLabels.tables.byKey}>
        <FigureTable
          first={usageLabels.key}
          onPick={(id) => go('usage', id)}
          canPick={({ id }) => usage.keys.some(({ key_id: known }) => known === id)}
          rows={usage.keys.map(({ key_id, name, ...figures }) => ({
            id: key_id ?? name,
            name,
            mode: modeOf(key_id),
            figures,
          }))}
        />
      </Section>
      {hasTenants && (
        <Section title={usageLabels.tables.byTenant}>
          <FigureTable
            first={usageLabels.tenant}
            onPick={(tenantId) => addFilter({ tenantId })}
            canPick={({ id }) => id !== ''}
            rows={usage.tenants.map(({ tenant_id: id, ...figures }) => ({
              id: id ?? '',
              name: id === null ? usageLabels.tables.noTenant : (tenants.get(id) ?? id),
              mode: null,
              figures,
            }))}
          />
        </Section>
      )}
      <Section title={usageLabels.tables.byEndpoint}>
        <FigureTable
          first={usageLabels.endpoint}
          isCode
          onPick={(route) => addFilter({ route })}
          rows={usage.routes.map(({ route, ...figures }) => ({
            id: route,
            name: route,
            mode: null,
            figures,
          }))}
        />
      </Section>
      <Section title={usageLabels.tables.byOutcome}>
        <OutcomeTable usage={usage} />
      </Section>
    </>
  )
}

function OutcomeTable({ usage: { totals, previous } }: { usage: Usage }) {
  const rows = outcomeStyles.filter(
    ({ outcome }) => totals.outcomes[outcome] > 0 || (previous?.totals.outcomes[outcome] ?? 0) > 0,
  )
  return (
    <Card>
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-[32%] pr-3 pl-4">{usageLabels.outcome}</th>
            <th className="w-24 px-3 text-right">{usageLabels.requests}</th>
            <th className="px-3">{usageLabels.tables.meaning}</th>
            <th className="w-20 px-3 text-right">{usageLabels.tables.previous}</th>
            <th className="w-24 pr-4 pl-3 text-right">{usageLabels.tables.share}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ outcome, name, color }) => (
            <tr key={outcome} className="h-8 border-line border-t hover:bg-hover">
              <th scope="row" className="pr-3 pl-4 font-normal">
                <button
                  type="button"
                  title={usageLabels.tables.filterBy(name)}
                  onClick={() => addFilter({ outcome })}
                  className="-mx-1 flex items-center gap-2 rounded-sm px-1 hover:underline"
                >
                  <span className="size-2 rounded-[2px]" style={{ background: color }} />
                  {name}
                </button>
              </th>
              <td className="figures px-3 text-right">{formatCount(totals.outcomes[outcome])}</td>
              <td
                className="truncate px-3 text-ink-muted"
                title={usageLabels.outcomeMeanings[outcome]}
              >
                {usageLabels.outcomeMeanings[outcome]}
              </td>
              <td className="figures px-3 text-right text-ink-muted">
                {previous ? formatCount(previous.totals.outcomes[outcome]) : '–'}
              </td>
              <td className="figures pr-4 pl-3 text-right text-ink-muted">
                {totals.requests === 0
                  ? '–'
                  : formatShare(totals.outcomes[outcome] / totals.requests)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
