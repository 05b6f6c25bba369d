import { ChevronDown } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../../ui/icon.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { showTab, type Tab, tabs } from '../message-store.ts'
import { tabLooks } from './tab-looks.ts'

export type TabCounts = Partial<Readonly<Record<Tab, number>>>

const look =
  'h-full whitespace-nowrap border-transparent border-b-2 px-2 font-medium text-ink-muted'

/** As many tabs as there is room for, the open one always; the rest behind “More”. */
export function TabBar({ tab, counts }: { tab: Tab; counts: TabCounts }) {
  const bar = useRef<HTMLDivElement>(null)
  const ruler = useRef<HTMLDivElement>(null)
  const [fitting, setFitting] = useState<readonly Tab[]>(tabs)

  useLayoutEffect(() => {
    const [outer, inner] = [bar.current, ruler.current]
    if (!outer || !inner) return
    const measure = () => {
      const [more = 0, ...widths] = [...inner.children].map((child) => child.scrollWidth)
      setFitting((before) => {
        const next = tabsThatFit(widths, outer.clientWidth - 24, more, tabs.indexOf(tab))
        return next.join() === before.join() ? before : next
      })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(outer)
    observer.observe(inner)
    measure()
    return () => observer.disconnect()
  }, [tab])

  const hidden = tabs.filter((name) => !fitting.includes(name))
  return (
    <div ref={bar} className="relative flex h-9 shrink-0 overflow-hidden border-line border-b px-3">
      <div ref={ruler} aria-hidden className="invisible absolute flex h-full">
        <span className={`${look} flex items-center gap-1`}>
          More
          <Icon of={ChevronDown} size={14} />
        </span>
        {tabs.map((name) => (
          <span key={name} className={look}>
            <Label tab={name} counts={counts} />
          </span>
        ))}
      </div>
      <Tabs.List aria-label="Parts of the message" className="flex items-stretch">
        {fitting.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className={`${look} hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-sage data-[state=active]:text-ink`}
          >
            <Label tab={name} counts={counts} />
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {hidden.length > 0 && (
        <Menu
          trigger={
            <button
              type="button"
              aria-label="More parts"
              className={`${look} flex items-center gap-1 hover:text-ink focus-visible:-outline-offset-2`}
            >
              More
              <Icon of={ChevronDown} size={14} />
            </button>
          }
        >
          {hidden.map((name) => (
            <MenuItem
              key={name}
              icon={tabLooks[name].icon}
              shortcut={String(tabs.indexOf(name) + 1)}
              onSelect={() => showTab(name)}
            >
              <Label tab={name} counts={counts} />
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  )
}

function Label({ tab, counts }: { tab: Tab; counts: TabCounts }) {
  const count = counts[tab] ?? 0
  return (
    <>
      {tabLooks[tab].name}
      {count > 0 && <span className="figures ml-1 text-ink-faint"> {count}</span>}
    </>
  )
}

/** Greedy from the left; the open one takes its place first. */
function tabsThatFit(
  widths: readonly number[],
  room: number,
  more: number,
  open: number,
): readonly Tab[] {
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (total <= room) return tabs
  let left = room - more - (widths[open] ?? 0)
  let isFull = false
  return tabs.filter((_, index) => {
    if (index === open) return true
    const width = widths[index] ?? 0
    isFull ||= width > left
    if (isFull) return false
    left -= width
    return true
  })
}
