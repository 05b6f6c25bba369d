/**
 * Explains an SMTP reply to the sender of the message: by enhanced code (RFC 3463, RFC 5248), or by
 * the plain code (RFC 5321 §4.2.3) when there is none.
 */
const byEnhanced: Readonly<Record<string, string>> = {
  '1.0': 'Something is wrong with an address.',
  '1.1': 'There is no mailbox with this address. Check the spelling, or stop sending to it.',
  '1.2': 'The domain of this address does not exist or takes no mail.',
  '1.3': 'The syntax of the address is not valid.',
  '1.6': 'The mailbox has moved without a forwarding address.',
  '1.7': 'The relay does not accept the sender’s address.',
  '1.8': 'The domain of the sender’s address does not exist or cannot receive replies.',
  '1.10': 'The domain of this address accepts no mail (null MX).',
  '2.0': 'Something is wrong with the mailbox.',
  '2.1': 'The mailbox is disabled.',
  '2.2': 'The mailbox is full.',
  '2.3': 'The message exceeds the size limit of the mailbox.',
  '2.4': 'The mailing list of this address could not be expanded.',
  '3.0': 'The receiving system has an error.',
  '3.1': 'The receiving system has no space left.',
  '3.2': 'The receiving system accepts no mail at the moment.',
  '3.4': 'The message is too big for the receiving system.',
  '3.5': 'The receiving system is not set up for this.',
  '4.0': 'A network error stopped the delivery.',
  '4.1': 'The next host did not answer.',
  '4.2': 'The connection was lost or is too busy.',
  '4.3': 'The DNS lookup for the domain failed.',
  '4.4': 'There is no route to the receiving domain.',
  '4.5': 'The receiving system is overloaded.',
  '4.6': 'The message is in a loop between mail servers.',
  '4.7': 'The delivery time of the message expired.',
  '5.0': 'The mail servers had a protocol error.',
  '5.3': 'The message has too many recipients for one delivery.',
  '6.0': 'Something in the content is not accepted.',
  '6.1': 'The receiving system does not take this kind of content.',
  '6.6': 'The content could not be converted for the receiving system.',
  '7.0': 'A security rule of the receiving system stands against it.',
  '7.1': 'A policy refuses this message: the sender may not send here, or it looks like spam.',
  '7.2': 'The sender may not write to this mailing list.',
  '7.7': 'The message was changed in transit, or its signature is not valid.',
  '7.8': 'The user name or password of the relay is wrong.',
  '7.9': 'The relay requires a stronger sign-in method.',
  '7.11': 'The relay requires an encrypted connection before sign-in.',
  '7.13': 'The account at the relay is disabled.',
  '7.20': 'No DKIM signature passed the receiver’s check.',
  '7.23': 'SPF: the relay may not send for the sender’s domain.',
  '7.25': 'The relay’s address has no name in reverse DNS.',
  '7.26': 'The message passed neither SPF nor DKIM; the receiver requires one of them.',
  '7.27': 'The sender’s domain sends no mail (null MX).',
  '7.28': 'Too many messages of this kind arrived in a short time.',
}

const byPlain: Readonly<Record<string, string>> = {
  '250': 'The relay accepted the message.',
  '421': 'The relay is temporarily unavailable.',
  '450': 'The mailbox is busy, or the receiver asks to retry later.',
  '451': 'The relay had an error, or asks to retry later.',
  '452': 'The relay has no space left at the moment.',
  '454': 'Signing in is not possible at the moment.',
  '500': 'The relay did not understand a command.',
  '501': 'The relay did not understand an address or an argument.',
  '503': 'The relay expected other commands first.',
  '530': 'The relay requires a user name and a password.',
  '535': 'The user name or password of the relay is wrong.',
  '550': 'The mailbox does not exist, or the relay refuses mail for it.',
  '551': 'The mailbox is on another system; this relay does not forward to it.',
  '552': 'The mailbox is full, or the message is too big for it.',
  '553': 'The relay does not accept this address.',
  '554': 'The relay refuses the message.',
}

const byTrouble: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'No server listens on the relay’s host and port.'],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, 'DNS does not know the relay’s host name.'],
  [/ETIMEDOUT|timeout|timed out/i, 'The relay did not reply in time.'],
  [
    /ECONNRESET|ended the connection|closed unexpectedly|socket hang up/i,
    'The relay closed the connection.',
  ],
  [/certificate|self.signed|ERR_TLS/i, 'The relay’s certificate could not be verified.'],
  [/ssl|tls|wrong version number/i, 'The encryption set for the relay does not fit its port.'],
  [/daily limit/, 'Nothing is wrong with the message: it goes out when a relay has room again.'],
]

/** A sentence for a relay's reply or a connection error; null for an unknown one. */
export function explainReply(reply: string): string | null {
  const [, plain = '', enhanced] =
    /^(\d{3})(?:$|[ -](?:[245]\.(\d{1,3}\.\d{1,3}))?)/.exec(reply.trim()) ?? []
  if (plain === '') return byTrouble.find(([pattern]) => pattern.test(reply))?.[1] ?? null
  if (plain.startsWith('2')) return byPlain['250'] ?? null
  const known = enhanced === undefined ? undefined : byEnhanced[enhanced]
  return known ?? byPlain[plain] ?? byClass(plain)
}

function byClass(plain: string): string | null {
  if (plain.startsWith('4')) return 'The relay asks to try again later.'
  return plain.startsWith('5') ? 'The relay refuses this for good.' : null
}
