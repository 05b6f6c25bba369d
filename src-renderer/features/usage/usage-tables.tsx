import type { Outcome } from '../../../src-main/contract/events.ts'
import type { Usage } from '../../../src-main/contract/usage.ts'
import { go } from '../../app/router.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import { Card, Section } from '../../ui/page.tsx'
import { FigureTable } from './figure-table.tsx'
import { outcomeLooks } from './outcome-colors.ts'
import { narrow, useUsage } from './usage-store.ts'

/** Who asked, for whom, what, and how it ended; a click on a name narrows everything down to it. */
export function UsageTables({ usage }: { usage: Usage }) {
  const { keys, tenants, areKeysKnown } = useUsage()
  const hasTenants = usage.tenants.some(({ tenant_id: id }) => id !== null)
  const modeOf = (id: string | null) => {
    if (id === null) return null
    return keys.get(id)?.mode ?? (areKeysKnown ? 'revoked' : null)
  }
  return (
    <>
      <Section title="By key">
        <FigureTable
          first="Key"
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
        <Section title="By tenant">
          <FigureTable
            first="Tenant"
            onPick={(tenantId) => narrow({ tenantId })}
            canPick={({ id }) => id !== ''}
            rows={usage.tenants.map(({ tenant_id: id, ...figures }) => ({
              id: id ?? '',
              name: id === null ? 'Without a tenant' : (tenants.get(id) ?? id),
              mode: null,
              figures,
            }))}
          />
        </Section>
      )}
      <Section title="By endpoint">
        <FigureTable
          first="Endpoint"
          isCode
          onPick={(route) => narrow({ route })}
          rows={usage.routes.map(({ route, ...figures }) => ({
            id: route,
            name: route,
            mode: null,
            figures,
          }))}
        />
      </Section>
      <Section title="By outcome">
        <OutcomeTable usage={usage} />
      </Section>
    </>
  )
}

const meanings: Readonly<Record<Outcome, string>> = {
  ok: 'Answered, or accepted',
  client_closed: 'The app hung up before its answer; counts in no rate',
  invalid: 'Something in the request is wrong',
  not_found: 'Asked for what is not there',
  unauthorized: 'The key is missing, wrong, disabled or expired',
  forbidden: 'The key may not do this, or not from there',
  rate_limited: 'Too many requests, or the day’s emails are used up',
  error: 'MailSage itself failed',
}

function OutcomeTable({ usage: { totals, previous } }: { usage: Usage }) {
  const rows = outcomeLooks.filter(
    ({ outcome }) => totals.outcomes[outcome] > 0 || (previous?.totals.outcomes[outcome] ?? 0) > 0,
  )
  return (
    <Card>
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-[32%] pr-3 pl-4">Outcome</th>
            <th className="w-24 px-3 text-right">Requests</th>
            <th className="px-3">Meaning</th>
            <th className="w-20 px-3 text-right">Before</th>
            <th className="w-24 pr-4 pl-3 text-right">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ outcome, name, color }) => (
            <tr key={outcome} className="h-8 border-line border-t hover:bg-hover">
              <th scope="row" className="pr-3 pl-4 font-normal">
                <button
                  type="button"
                  title={`Show only ${name}`}
                  onClick={() => narrow({ outcome })}
                  className="-mx-1 flex items-center gap-2 rounded-sm px-1 hover:underline"
                >
                  <span className="size-2 rounded-[2px]" style={{ background: color }} />
                  {name}
                </button>
              </th>
              <td className="figures px-3 text-right">{formatCount(totals.outcomes[outcome])}</td>
              <td className="truncate px-3 text-ink-muted" title={meanings[outcome]}>
                {meanings[outcome]}
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
