import { ChevronDown, type LucideIcon } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useLayoutEffect, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { uiLabels } from './labels.ts'
import { Menu, MenuItem } from './menu.tsx'

export type TabEntry<T extends string> = {
  readonly value: T
  readonly name: string
  readonly icon: LucideIcon
  readonly shortcut?: string
  /** Shown after the name unless 0. */
  readonly count?: number
}

type TabBarProps<T extends string> = {
  label: string
  tab: T
  tabs: readonly TabEntry<T>[]
  onTab: (tab: T) => void
}

const look =
  'h-full whitespace-nowrap border-transparent border-b-2 px-2 font-medium text-ink-muted'

/** Shows the tabs that fit, always including the open one; the “More” menu holds the rest. */
export function TabBar<T extends string>({ label, tab, tabs, onTab }: TabBarProps<T>) {
  const bar = useRef<HTMLDivElement>(null)
  const ruler = useRef<HTMLDivElement>(null)
  const [fitting, setFitting] = useState<readonly boolean[]>(() => tabs.map(() => true))
  const open = tabs.findIndex(({ value }) => value === tab)

  useLayoutEffect(() => {
    const [outer, inner] = [bar.current, ruler.current]
    if (!outer || !inner) return
    const measure = () => {
      const [more = 0, ...widths] = [...inner.children].map((child) => child.scrollWidth)
      setFitting((before) => {
        const next = tabsThatFit(widths, outer.clientWidth - 24, more, open)
        return next.join() === before.join() ? before : next
      })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(outer)
    observer.observe(inner)
    measure()
    return () => observer.disconnect()
  }, [open])

  const hidden = tabs.filter((_, index) => !fitting[index])
  return (
    <div ref={bar} className="relative flex h-9 shrink-0 overflow-hidden border-line border-b px-3">
      <div ref={ruler} aria-hidden className="invisible absolute flex h-full">
        <span className={`${look} flex items-center gap-1`}>
          {uiLabels.more}
          <Icon of={ChevronDown} size={14} />
        </span>
        {tabs.map((entry) => (
          <span key={entry.value} className={look}>
            <Label {...entry} />
          </span>
        ))}
      </div>
      <Tabs.List aria-label={label} className="flex items-stretch">
        {tabs.map(
          (entry, index) =>
            fitting[index] && (
              <Tabs.Trigger
                key={entry.value}
                value={entry.value}
                className={`${look} hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:border-sage data-[state=active]:text-ink`}
              >
                <Label {...entry} />
              </Tabs.Trigger>
            ),
        )}
      </Tabs.List>
      {hidden.length > 0 && (
        <Menu
          trigger={
            <button
              type="button"
              aria-label={uiLabels.moreTabs}
              className={`${look} flex items-center gap-1 hover:text-ink focus-visible:-outline-offset-2`}
            >
              {uiLabels.more}
              <Icon of={ChevronDown} size={14} />
            </button>
          }
        >
          {hidden.map(({ value, icon, shortcut, ...rest }) => (
            <MenuItem
              key={value}
              icon={icon}
              {...(shortcut ? { shortcut } : {})}
              onSelect={() => onTab(value)}
            >
              <Label {...rest} />
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  )
}

function Label({ name, count = 0 }: { name: string; count?: number }) {
  return (
    <>
      {name}
      {count > 0 && <span className="figures ml-1 text-ink-faint"> {count}</span>}
    </>
  )
}

/** Greedy from the left; the open tab is reserved first. */
function tabsThatFit(
  widths: readonly number[],
  available: number,
  more: number,
  open: number,
): readonly boolean[] {
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (total <= available) return widths.map(() => true)
  let left = available - more - (widths[open] ?? 0)
  let isFull = false
  return widths.map((width, index) => {
    if (index === open) return true
    isFull ||= width > left
    if (!isFull) left -= width
    return !isFull
  })
}
