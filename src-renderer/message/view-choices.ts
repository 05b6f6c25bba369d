import { create } from 'zustand'

export const frameWidths = { phone: 390, tablet: 768, full: null } as const
export type FrameWidth = keyof typeof frameWidths

/** The sender's light styles, the sender's dark styles, or inverted colours. */
export const schemes = ['light', 'dark', 'forced'] as const
export type Scheme = (typeof schemes)[number]

type Choices = {
  readonly width: FrameWidth
  readonly scheme: Scheme
  /** Sender addresses whose remote content loads automatically. */
  readonly trusted: readonly string[]
}

const storageKey = 'mailsage.message-view'
const maxTrusted = 500

/** View preferences, stored on this computer. */
export const useViewChoices = create<Choices>(() => ({
  width: 'full',
  scheme: 'light',
  trusted: [],
  ...readStored(),
}))

export function chooseView(change: Partial<Choices>): void {
  useViewChoices.setState(change)
  localStorage.setItem(storageKey, JSON.stringify(useViewChoices.getState()))
}

export function trustSender(address: string): void {
  const { trusted } = useViewChoices.getState()
  const rest = trusted.filter((one) => one !== address.toLowerCase())
  chooseView({ trusted: [address.toLowerCase(), ...rest].slice(0, maxTrusted) })
}

export function distrustSender(address: string): void {
  const { trusted } = useViewChoices.getState()
  chooseView({ trusted: trusted.filter((one) => one !== address.toLowerCase()) })
}

export function isTrusted(address: string): boolean {
  return useViewChoices.getState().trusted.includes(address.toLowerCase())
}

/** Ignores invalid values, such as those of another version. */
function readStored(): Partial<Choices> {
  try {
    const { width, scheme, trusted } = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return {
      ...(width in frameWidths ? { width } : {}),
      ...(schemes.includes(scheme) ? { scheme } : {}),
      ...(Array.isArray(trusted)
        ? { trusted: trusted.filter((one) => typeof one === 'string') }
        : {}),
    }
  } catch {
    return {}
  }
}
