import { Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { loadTab, useSent } from './sent-store.ts'

export function SentHeaders() {
  const headers = useSent((state) => state.headers)
  if (headers.status === 'failed') {
    return <Failure failure={headers.failure} onRetry={() => void loadTab()} />
  }
  if (headers.status !== 'ready') return <SkeletonRows count={6} height={36} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div tabIndex={0} className="h-full overflow-y-auto px-5 py-3 focus-visible:-outline-offset-2">
      <table className="w-full table-fixed text-left">
        <colgroup>
          <col className="w-36" />
          <col />
        </colgroup>
        <thead className="sr-only">
          <tr>
            <th>Name</th>
            <th>Value</th>
          </tr>
        </thead>
        <tbody>
          {headers.value.map(({ name, value }, index) => (
            // A header may come twice, and the order is part of what it says.
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
            <tr key={index} className="border-line border-b align-top last:border-b-0">
              <th scope="row" className="break-words py-1.5 pr-3 font-medium text-ink-muted">
                {name}
              </th>
              <td dir="auto" className="break-words py-1.5 font-mono text-sm leading-5">
                {value}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
