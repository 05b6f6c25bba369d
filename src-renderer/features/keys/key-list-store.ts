import { create } from 'zustand'
import type { KeyFilter, KeySort } from './key-filter.ts'

export type KeyLayout = 'table' | 'cards'

type KeyListState = KeyFilter & { readonly layout: KeyLayout }

const layoutKey = 'mailsage.keys.layout'
const sortKey = 'mailsage.keys.sort'
const noFilter = { text: '', mode: 'all', state: 'any' } as const

/** How the keys are shown; layout and order are remembered, what is looked for is not. */
export const useKeyList = create<KeyListState>(() => ({
  ...noFilter,
  layout: localStorage.getItem(layoutKey) === 'cards' ? 'cards' : 'table',
  sort: localStorage.getItem(sortKey) === 'name' ? 'name' : 'used',
}))

export function narrow(change: Partial<Omit<KeyFilter, 'sort'>>): void {
  useKeyList.setState(change)
}

export function showAll(): void {
  useKeyList.setState(noFilter)
}

export function sortKeys(sort: KeySort): void {
  localStorage.setItem(sortKey, sort)
  useKeyList.setState({ sort })
}

export function layKeysOut(layout: KeyLayout): void {
  localStorage.setItem(layoutKey, layout)
  useKeyList.setState({ layout })
}
