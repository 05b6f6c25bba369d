import { isLoopback } from '../base/ip-addresses.ts'
import type { Settings, StartTls } from '../contract/settings.ts'

/** The address of a listener, and the maker of its certificate. */
export type SmtpTls = {
  readonly address: string
  readonly certificate: Settings['smtp_certificate']
}

/** `on_request`: EHLO does not list STARTTLS, but a client that insists on it gets it. */
export type StartTlsOffer = 'offered' | 'on_request' | 'off'

/**
 * Most clients use STARTTLS where EHLO lists it, and then refuse a self-made certificate. Over
 * loopback TLS protects nothing, so EHLO does not list it there unless the setting asks for it.
 */
export function startTlsOffer(setting: StartTls, { address, certificate }: SmtpTls): StartTlsOffer {
  if (setting === 'off') return 'off'
  const isUseful = certificate === 'own' || !isLoopback(address)
  return setting === 'on' || isUseful ? 'offered' : 'on_request'
}
