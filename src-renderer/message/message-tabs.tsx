import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { TabBar } from '../ui/tab-bar.tsx'
import { messageLabels, tabNames } from './labels.ts'
import { tabIcons } from './tab-icons.ts'

type MessageTabsProps<T extends keyof typeof tabNames> = {
  tab: T
  tabs: readonly { readonly value: T; readonly count?: number; readonly shortcut?: string }[]
  onTab: (tab: T) => void
  children: ReactNode
}

/** The tab bar of a message with the content of the open tab. */
export function MessageTabs<T extends keyof typeof tabNames>(props: MessageTabsProps<T>) {
  const { tab, tabs, onTab, children } = props
  const entries = tabs.map((entry) => ({
    ...entry,
    name: tabNames[entry.value],
    icon: tabIcons[entry.value],
  }))
  return (
    <Tabs.Root
      value={tab}
      // Radix types values as string; the tab bar has only tabs.
      onValueChange={(next) => onTab(next as T)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabBar label={messageLabels.parts} tab={tab} tabs={entries} onTab={onTab} />
      <Tabs.Content value={tab} className="min-h-0 flex-1 outline-none" tabIndex={-1}>
        {children}
      </Tabs.Content>
    </Tabs.Root>
  )
}
