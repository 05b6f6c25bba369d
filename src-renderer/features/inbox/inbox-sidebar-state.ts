import { create } from 'zustand'

const storageKey = 'mailsage.places'
/** In a narrower window the sidebar would leave too little width for the message. */
const wideWindow = window.matchMedia('(min-width: 1200px)')

const isShownByDefault = (): boolean =>
  wideWindow.matches && localStorage.getItem(storageKey) !== 'hidden'

/** Visibility of the inbox sidebar. The user's choice is stored for wide windows only. */
export const useInboxSidebar = create<{ isShown: boolean }>(() => ({ isShown: isShownByDefault() }))

wideWindow.addEventListener('change', () =>
  useInboxSidebar.setState({ isShown: isShownByDefault() }),
)

export function toggleInboxSidebar(): void {
  const isShown = !useInboxSidebar.getState().isShown
  useInboxSidebar.setState({ isShown })
  if (wideWindow.matches) localStorage.setItem(storageKey, isShown ? 'shown' : 'hidden')
}
