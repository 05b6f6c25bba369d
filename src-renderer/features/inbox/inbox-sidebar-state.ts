import { create } from 'zustand'

const storageKey = 'mailsage.places'
/** In a narrower window the places would take the room of the message. */
const roomy = window.matchMedia('(min-width: 1200px)')

const isRequested = (): boolean => roomy.matches && localStorage.getItem(storageKey) !== 'hidden'

/** Whether the pane of places is shown: where there is room as it was left, else while asked for. */
export const useInboxSidebar = create<{ isShown: boolean }>(() => ({ isShown: isRequested() }))

roomy.addEventListener('change', () => useInboxSidebar.setState({ isShown: isRequested() }))

export function toggleInboxSidebar(): void {
  const isShown = !useInboxSidebar.getState().isShown
  useInboxSidebar.setState({ isShown })
  if (roomy.matches) localStorage.setItem(storageKey, isShown ? 'shown' : 'hidden')
}
