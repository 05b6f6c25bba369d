import { create } from 'zustand'

const storageKey = 'mailsage.places'
/** In a narrower window the places would take the room of the message. */
const roomyWidth = 1200

/** Whether the pane of places is shown: as it was left, else where there is room. */
export const usePlacesPane = create<{ isShown: boolean }>(() => {
  const kept = localStorage.getItem(storageKey)
  return { isShown: kept === null ? window.innerWidth >= roomyWidth : kept === 'shown' }
})

export function togglePlaces(): void {
  const isShown = !usePlacesPane.getState().isShown
  usePlacesPane.setState({ isShown })
  localStorage.setItem(storageKey, isShown ? 'shown' : 'hidden')
}
