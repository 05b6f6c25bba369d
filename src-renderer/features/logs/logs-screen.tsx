import { Pause, Play, ScrollText } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { AlertBell } from '../../app/alert-bell.tsx'
import { useCommands } from '../../app/commands.ts'
import { listen } from '../../app/live.ts'
import { go, useRoute } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { focusRow } from '../../ui/focus-row.ts'
import { formatCount } from '../../ui/format.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { FilterBar, focusLogFilter } from './filter-bar.tsx'
import { LogDrawer } from './log-drawer.tsx'
import { LogHeadings, rowHeight } from './log-row.tsx'
import { nameOf, stepFrom } from './log-rows.ts'
import { LogTail } from './log-tail.tsx'
import {
  clearFilters,
  filterLogs,
  loadLogs,
  pauseLogs,
  refreshJunk,
  refreshNames,
  takeEvents,
  useLogs,
} from './logs-store.ts'

const junkEveryMs = 10_000

/**
 * One live tail of requests, SMTP sessions, what became of messages, and changes. The newest entry
 * is on top, as in the inbox: what just happened is read first, and older ones are loaded below it
 * without the list moving under the reader.
 */
export function LogsScreen() {
  const openName = useRoute((route) => route.id)
  const { isPaused, heldCount } = useLogs()
  useLiveLogs()
  useLogKeys(openName)
  useLogCommands()
  useEffect(() => {
    if (openName !== null) useLogs.setState({ cursor: openName })
  }, [openName])
  return (
    <section aria-label="Logs" className="flex h-full min-w-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
        <h1 className="font-semibold text-lg">Logs</h1>
        <FilterBar />
        <Button
          icon={isPaused ? Play : Pause}
          onClick={() => pauseLogs(!isPaused)}
          className="min-w-24"
        >
          {isPaused ? 'Resume' : 'Pause'}
          {isPaused && heldCount > 0 ? (
            <span className="figures text-sage-ink">{formatCount(heldCount)} new</span>
          ) : (
            <Kbd shortcut="Space" />
          )}
        </Button>
        <AlertBell />
      </header>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <LogHeadings />
        <Body openName={openName} />
        {openName !== null && <LogDrawer name={openName} />}
      </div>
    </section>
  )
}

function Body({ openName }: { openName: string | null }) {
  const { status, failure, rows, filters } = useLogs()
  if (status === 'failed' && failure) return <Failure failure={failure} onRetry={loadLogs} />
  if (rows.length > 0) return <LogTail openName={openName} onOpen={open} />
  if (status === 'loading') return <SkeletonRows count={16} height={rowHeight} />
  if (Object.keys(filters).length > 0) {
    return (
      <Empty icon={ScrollText} title="Nothing matches">
        <p>No entry of the log has all of that. New ones appear here as they come.</p>
        <Button onClick={clearFilters} className="mt-3">
          Clear filters
        </Button>
      </Empty>
    )
  }
  return (
    <Empty icon={ScrollText} title="Nothing has happened yet">
      Each request with a key, each SMTP session, what becomes of a message and every change of keys
      and settings appears here as it happens.
    </Empty>
  )
}

const open = (name: string): void => go('logs', name)

function useLogKeys(openName: string | null): void {
  const step = (by: number) => {
    const { rows, cursor } = useLogs.getState()
    const entry = stepFrom(rows, cursor, by)
    if (!entry) return
    const name = nameOf(entry)
    useLogs.setState({ cursor: name })
    if (openName !== null) go('logs', name, true)
    focusRow(name)
  }
  useHotkeys({
    '/': focusLogFilter,
    j: () => step(1),
    arrowdown: () => step(1),
    k: () => step(-1),
    arrowup: () => step(-1),
    enter: () => {
      const { rows, cursor } = useLogs.getState()
      const entry = stepFrom(rows, cursor, 0)
      if (entry) open(nameOf(entry))
    },
    ' ': (event) => {
      // A button or a link that has the focus is pressed by it instead.
      if (event.target instanceof HTMLButtonElement) event.target.click()
      else pauseLogs(!useLogs.getState().isPaused)
    },
    escape: () => {
      if (openName !== null) go('logs')
      else if (Object.keys(useLogs.getState().filters).length > 0) clearFilters()
    },
  })
}

/** Follows the log for as long as it is looked at. */
function useLiveLogs(): void {
  useEffect(() => {
    void loadLogs()
    const unlisten = listen({
      connected: (isResumed) => {
        if (!isResumed) void loadLogs()
      },
      events: (events) => {
        takeEvents(events)
        if (events.some(({ type }) => type.startsWith('key.'))) refreshNames()
        if (events.some(({ type }) => type === 'junk')) void refreshJunk()
      },
    })
    const timer = setInterval(() => {
      if (!document.hidden) void refreshJunk()
    }, junkEveryMs)
    return () => {
      unlisten()
      clearInterval(timer)
    }
  }, [])
}

function useLogCommands(): void {
  const commands = useMemo(
    () => [
      {
        id: 'logs-pause',
        label: 'Pause or resume the log',
        group: 'Logs',
        shortcut: 'Space',
        icon: Pause,
        run: () => pauseLogs(!useLogs.getState().isPaused),
      },
      {
        id: 'logs-refused',
        label: 'Show what was refused without a key',
        group: 'Logs',
        run: () => filterLogs('type', 'junk'),
      },
      {
        id: 'logs-sessions',
        label: 'Show SMTP sessions',
        group: 'Logs',
        run: () => filterLogs('type', 'session'),
      },
      {
        id: 'logs-audit',
        label: 'Show who changed what',
        group: 'Logs',
        keywords: 'audit',
        run: () => filterLogs('type', 'audit'),
      },
      { id: 'logs-clear', label: 'Clear log filters', group: 'Logs', run: clearFilters },
    ],
    [],
  )
  useCommands(commands)
}
