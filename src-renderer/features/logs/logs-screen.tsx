import { Pause, Play, ScrollText } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { AlertBell } from '../../app/alert-bell.tsx'
import { useCommands } from '../../app/commands.ts'
import { listen } from '../../app/live.ts'
import { go, useRoute } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { focusRow } from '../../ui/focus-row.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Empty, Failure } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { FilterBar, focusLogFilter } from './filter-bar.tsx'
import { logsLabels } from './labels.ts'
import { LogDrawer } from './log-drawer.tsx'
import { LogHeadings, rowHeight } from './log-row.tsx'
import { nameOf, stepFrom } from './log-rows.ts'
import { LogTail } from './log-tail.tsx'
import {
  addEvents,
  clearFilters,
  filterLogs,
  loadLogs,
  pauseLogs,
  refreshNames,
  refreshUnauthenticated,
  useLogs,
} from './logs-store.ts'

const unauthenticatedRefreshMs = 10_000

/**
 * A live tail of requests, SMTP sessions, delivery events and changes. The newest entry is on top,
 * and older entries load below it, so the list does not move under the reader.
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
    <section aria-label={logsLabels.title} className="flex h-full min-w-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
        <h1 className="font-semibold text-lg">{logsLabels.title}</h1>
        <FilterBar />
        <Button
          icon={isPaused ? Play : Pause}
          onClick={() => pauseLogs(!isPaused)}
          className="min-w-24"
        >
          {isPaused ? logsLabels.screen.resume : logsLabels.screen.pause}
          {isPaused && heldCount > 0 ? (
            <span className="figures text-sage-ink">{logsLabels.screen.held(heldCount)}</span>
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
      <Empty icon={ScrollText} title={logsLabels.screen.noMatch}>
        <p>{logsLabels.screen.noMatchHint}</p>
        <Button onClick={clearFilters} className="mt-3">
          {logsLabels.clear}
        </Button>
      </Empty>
    )
  }
  return (
    <Empty icon={ScrollText} title={logsLabels.screen.empty}>
      {logsLabels.screen.emptyHint}
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
      // Space activates a focused button instead.
      if (event.target instanceof HTMLButtonElement) event.target.click()
      else pauseLogs(!useLogs.getState().isPaused)
    },
    escape: () => {
      if (openName !== null) go('logs')
      else if (Object.keys(useLogs.getState().filters).length > 0) clearFilters()
    },
  })
}

/** Keeps the log current while the screen is open. */
function useLiveLogs(): void {
  useEffect(() => {
    void loadLogs()
    const unlisten = listen({
      connected: (isResumed) => {
        if (!isResumed) void loadLogs()
      },
      events: (events) => {
        addEvents(events)
        if (events.some(({ type }) => type.startsWith('key.'))) refreshNames()
        if (events.some(({ type }) => type === 'junk')) void refreshUnauthenticated()
      },
    })
    const timer = setInterval(() => {
      if (!document.hidden) void refreshUnauthenticated()
    }, unauthenticatedRefreshMs)
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
        label: logsLabels.commands.pause,
        group: logsLabels.title,
        shortcut: 'Space',
        icon: Pause,
        run: () => pauseLogs(!useLogs.getState().isPaused),
      },
      {
        id: 'logs-refused',
        label: logsLabels.commands.unauthenticated,
        group: logsLabels.title,
        run: () => filterLogs('type', 'junk'),
      },
      {
        id: 'logs-sessions',
        label: logsLabels.commands.sessions,
        group: logsLabels.title,
        run: () => filterLogs('type', 'session'),
      },
      {
        id: 'logs-audit',
        label: logsLabels.commands.audit,
        group: logsLabels.title,
        keywords: logsLabels.commands.auditKeywords,
        run: () => filterLogs('type', logsLabels.commands.auditKeywords),
      },
      {
        id: 'logs-clear',
        label: logsLabels.commands.clear,
        group: logsLabels.title,
        run: clearFilters,
      },
    ],
    [],
  )
  useCommands(commands)
}
