/**
 * What an SMTP reply means, in words for whoever sent the message: by enhanced code (RFC 3463,
 * RFC 5248), and by the plain code (RFC 5321 §4.2.3) when a relay gives no other.
 */
const byEnhanced: Readonly<Record<string, string>> = {
  '1.0': 'Something is wrong with an address.',
  '1.1': 'There is no mailbox with this address. Check the spelling, or stop sending to it.',
  '1.2': 'The domain of this address does not exist or takes no mail.',
  '1.3': 'The address is not written as an address should be.',
  '1.6': 'The mailbox has moved and left no new address.',
  '1.7': 'The relay does not accept the sender’s address.',
  '1.8': 'The domain of the sender’s address does not exist, or nothing can be answered to it.',
  '1.10': 'The domain of this address says that it takes no mail.',
  '2.0': 'Something is wrong with the mailbox.',
  '2.1': 'The mailbox is disabled.',
  '2.2': 'The mailbox is full.',
  '2.3': 'The message is longer than this mailbox takes.',
  '2.4': 'The mailing list behind this address could not be opened.',
  '3.0': 'The receiving system has a fault of its own.',
  '3.1': 'The receiving system has no room left.',
  '3.2': 'The receiving system takes no mail at the moment.',
  '3.4': 'The message is too big for the receiving system.',
  '3.5': 'The receiving system is not set up for this.',
  '4.0': 'The message could not be passed on over the network.',
  '4.1': 'The next host did not answer.',
  '4.2': 'The connection was lost or is too busy.',
  '4.3': 'The name server could not say where to deliver.',
  '4.4': 'There is no way to the receiving domain.',
  '4.5': 'The receiving system has too much to do right now.',
  '4.6': 'The message goes round in a circle between mail servers.',
  '4.7': 'The message was on its way for too long.',
  '5.0': 'The two mail servers did not understand each other.',
  '5.3': 'The message has too many recipients for one delivery.',
  '6.0': 'Something in the content is not accepted.',
  '6.1': 'The receiving system does not take this kind of content.',
  '6.6': 'The content could not be converted for the receiving system.',
  '7.0': 'A security rule of the receiving system stands against it.',
  '7.1': 'A policy refuses this message: the sender may not send here, or it looks like spam.',
  '7.2': 'The sender may not write to this mailing list.',
  '7.7': 'The message was changed on its way, or its signature is broken.',
  '7.8': 'The user name or password of the relay is wrong.',
  '7.9': 'The relay wants a stronger way to sign in.',
  '7.11': 'The relay wants an encrypted connection before it takes a password.',
  '7.13': 'The account at the relay is disabled.',
  '7.20': 'No DKIM signature passed the receiver’s check.',
  '7.23': 'SPF: the relay may not send for the sender’s domain.',
  '7.25': 'The relay’s address has no name in reverse DNS.',
  '7.26': 'The message passed neither SPF nor DKIM; the receiver asks for one of them.',
  '7.27': 'The sender’s domain says that it sends no mail.',
  '7.28': 'Too much mail of this kind came in too short a time.',
}

const byPlain: Readonly<Record<string, string>> = {
  '250': 'The relay took the message and is responsible for it now.',
  '421': 'The relay closes its door for a while.',
  '450': 'The mailbox cannot be reached right now: it is busy, or the receiver asks to try later.',
  '451': 'The relay had a problem of its own, or asks to try again later.',
  '452': 'The relay has no room left at the moment.',
  '454': 'Signing in is not possible at the moment.',
  '500': 'The relay did not understand a command.',
  '501': 'The relay did not understand an address or an argument.',
  '503': 'The relay expected other commands first.',
  '530': 'The relay wants a user name and password.',
  '535': 'The user name or password of the relay is wrong.',
  '550': 'The mailbox does not exist, or the relay refuses mail for it.',
  '551': 'The mailbox is somewhere else; this relay does not pass mail on to it.',
  '552': 'The mailbox is full, or the message is too big for it.',
  '553': 'The relay does not accept this address.',
  '554': 'The relay refuses the message.',
}

const byTrouble: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'Nobody listens at the relay’s address and port.'],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, 'The relay’s host name is not known to the name server.'],
  [/ETIMEDOUT|timeout|timed out/i, 'The relay did not answer in time.'],
  [
    /ECONNRESET|ended the connection|closed unexpectedly|socket hang up/i,
    'The relay ended the connection half-way.',
  ],
  [/certificate|self.signed|ERR_TLS/i, 'The relay’s certificate could not be verified.'],
  [/ssl|tls|wrong version number/i, 'The encryption set for the relay does not fit its port.'],
  [/daily limit/, 'Nothing is wrong with the message: it goes out when a relay has room again.'],
]

/** A sentence about a relay's reply or a connection's trouble; null when it says nothing known. */
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
