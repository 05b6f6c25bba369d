import type { KeyMode } from '../../../src-main/contract/keys.ts'
import type { Figures } from '../../../src-main/contract/usage.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatCount, formatShare } from '../../ui/format.ts'
import { ModeBadge } from '../../ui/mode-badge.tsx'
import { Card } from '../../ui/page.tsx'
import { errorRate } from './delta.ts'
import { formatMs } from './format-ms.ts'
import { usageLabels } from './labels.ts'
import { outcomeStyles } from './outcome-colors.ts'

export type FigureRow = {
  readonly id: string
  readonly name: string
  readonly mode: KeyMode | 'revoked' | null
  readonly figures: Figures
}

type FigureTableProps = {
  first: string
  isCode?: boolean
  rows: readonly FigureRow[]
  /** Filters by a row. `canPick` is false for a row without an id. */
  onPick: (id: string) => void
  canPick?: (row: FigureRow) => boolean
}

/** Requests and outcomes per row, as figures and as a bar. */
export function FigureTable({ first, isCode, rows, onPick, canPick }: FigureTableProps) {
  const sorted = rows.toSorted((one, other) => other.figures.requests - one.figures.requests)
  const maxRequests = sorted[0]?.figures.requests ?? 0
  return (
    <Card>
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
            <th className="w-[32%] pr-3 pl-4">{first}</th>
            <th className="w-24 px-3 text-right">{usageLabels.requests}</th>
            <th className="px-3">{usageLabels.outcomes}</th>
            <th className="w-20 px-3 text-right">{usageLabels.emails}</th>
            <th className="w-20 px-3 text-right">p95</th>
            <th className="w-24 pr-4 pl-3 text-right">{usageLabels.tables.success}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => {
            const { id, name, mode, figures } = row
            const refused = errorRate(figures)
            const style = isCode ? 'truncate font-mono text-sm' : 'truncate'
            return (
              <tr key={id} className="h-8 border-line border-t hover:bg-hover">
                <th scope="row" className="pr-3 pl-4 font-normal">
                  <span className="flex items-center gap-2">
                    {canPick?.(row) === false ? (
                      <span className={style} title={name}>
                        {name}
                      </span>
                    ) : (
                      <button
                        type="button"
                        title={usageLabels.tables.filterBy(name)}
                        onClick={() => onPick(id)}
                        className={`-mx-1 rounded-sm px-1 text-left hover:underline ${style}`}
                      >
                        {name}
                      </button>
                    )}
                    {mode === 'revoked' && <Badge>{usageLabels.tables.revoked}</Badge>}
                    {(mode === 'live' || mode === 'test') && <ModeBadge mode={mode} />}
                  </span>
                </th>
                <td className="figures px-3 text-right">{formatCount(figures.requests)}</td>
                <td className="px-3">
                  <OutcomeBar figures={figures} maxRequests={maxRequests} />
                </td>
                <td className="figures px-3 text-right text-ink-muted">
                  {formatCount(figures.emails)}
                </td>
                <td className="figures px-3 text-right text-ink-muted">
                  {figures.p95_ms === null ? '–' : formatMs(figures.p95_ms)}
                </td>
                <td className="figures pr-4 pl-3 text-right text-ink-muted">
                  {refused === null ? '–' : formatShare(1 - refused)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Card>
  )
}

type OutcomeBarProps = { figures: Figures; maxRequests: number }

function OutcomeBar({ figures, maxRequests }: OutcomeBarProps) {
  const parts = outcomeStyles.filter(({ outcome }) => figures.outcomes[outcome] > 0)
  const labels = parts.map(({ outcome, name }) => `${name} ${figures.outcomes[outcome]}`)
  return (
    <div
      role="img"
      aria-label={labels.join(', ') || usageLabels.tables.none}
      title={labels.join(' · ')}
      className="flex h-1.5 min-w-1 gap-px overflow-hidden rounded-full"
      style={{ width: `${maxRequests === 0 ? 0 : (figures.requests / maxRequests) * 100}%` }}
    >
      {parts.map(({ outcome, color }) => (
        <span
          key={outcome}
          className="min-w-[3px]"
          style={{ background: color, flexGrow: figures.outcomes[outcome] }}
        />
      ))}
    </div>
  )
}
