import { create } from 'zustand'

const storageKey = 'mailsage.places'
/** In a narrower window the places would take the room of the message. */
const roomy = window.matchMedia('(min-width: 1200px)')

const isWanted = (): boolean => roomy.matches && localStorage.getItem(storageKey) !== 'hidden'

/** Whether the pane of places is shown: where there is room as it was left, else while asked for. */
export const usePlacesPane = create<{ isShown: boolean }>(() => ({ isShown: isWanted() }))

roomy.addEventListener('change', () => usePlacesPane.setState({ isShown: isWanted() }))

export function togglePlaces(): void {
  const isShown = !usePlacesPane.getState().isShown
  usePlacesPane.setState({ isShown })
  if (roomy.matches) localStorage.setItem(storageKey, isShown ? 'shown' : 'hidden')
}
