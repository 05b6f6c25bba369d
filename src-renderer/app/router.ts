import { create } from 'zustand'

/** In the order of the sidebar. */
export const screens = [
  'inbox',
  'outbox',
  'connect',
  'keys',
  'templates',
  'webhooks',
  'usage',
  'logs',
  'relays',
  'tenants',
  'settings',
] as const
export type Screen = (typeof screens)[number]

/** The current route, from a hash such as `#/inbox/msg_…`. */
export type Route = { readonly screen: Screen; readonly id: string | null }

export const useRoute = create<Route>(() => read())

window.addEventListener('hashchange', () => useRoute.setState(read()))

/** Opens a screen. `replace` adds no history entry, for steps through a list. */
export function go(screen: Screen, id: string | null = null, replace = false): void {
  const hash = routeHash(screen, id)
  if (hash === location.hash) return
  if (replace) history.replaceState(null, '', hash)
  else history.pushState(null, '', hash)
  useRoute.setState({ screen, id })
}

export function routeHash(screen: Screen, id: string | null = null): string {
  return id === null ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`
}

function read(): Route {
  const [, name, id] = location.hash.split('/')
  const screen = screens.find((one) => one === name) ?? 'inbox'
  return { screen, id: id ? decodeURIComponent(id) : null }
}
