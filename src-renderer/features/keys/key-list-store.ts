import { create } from 'zustand'
import type { KeyFilter, KeySort } from './key-filter.ts'

export type KeyLayout = 'table' | 'cards'

type KeyListState = KeyFilter & { readonly layout: KeyLayout }

const layoutKey = 'mailsage.keys.layout'
const sortKey = 'mailsage.keys.sort'
const noFilter = { text: '', mode: 'all', state: 'any' } as const

/** Filter and layout of the key list. Layout and order persist; the filter does not. */
export const useKeyList = create<KeyListState>(() => ({
  ...noFilter,
  layout: localStorage.getItem(layoutKey) === 'cards' ? 'cards' : 'table',
  sort: localStorage.getItem(sortKey) === 'name' ? 'name' : 'used',
}))

export function setFilter(change: Partial<Omit<KeyFilter, 'sort'>>): void {
  useKeyList.setState(change)
}

export function showAll(): void {
  useKeyList.setState(noFilter)
}

export function sortKeys(sort: KeySort): void {
  localStorage.setItem(sortKey, sort)
  useKeyList.setState({ sort })
}

export function setLayout(layout: KeyLayout): void {
  localStorage.setItem(layoutKey, layout)
  useKeyList.setState({ layout })
}
