/** The number of remote addresses that a browser would fetch, and their hosts. */
export type RemoteContent = { readonly count: number; readonly hosts: readonly string[] }

const maxAddresses = 1000
const maxHosts = 50
const maxLength = 2_000_000

// To stay linear, no tag is searched past its next angle bracket.
const references = [
  /\b(?:src|poster|background|data)\s*=[\s"']*((?:https?:)?\/\/[^\s"'<>]{1,2000})/gi,
  /<(?:link|image|use)\b[^<>]{0,2000}\bhref\s*=[\s"']*((?:https?:)?\/\/[^\s"'<>]{1,2000})/gi,
  /\burl\([\s"']*((?:https?:)?\/\/[^\s"'<>)]{1,2000})/gi,
  /@import[\s"']+((?:https?:)?\/\/[^\s"'<>;]{1,2000})/gi,
]
const sourceSet = /\bsrcset\s*=\s*(?:"([^"<>]{0,8000})"|'([^'<>]{0,8000})')/gi
const sourceSetEntry = /(?:^|[\s,])((?:https?:)?\/\/[^\s,]{1,2000})/gi

export function remoteContentOf(html: string): RemoteContent {
  const cut = html.slice(0, maxLength)
  const addresses = new Set<string>()
  const add = (address: string) => addresses.size < maxAddresses && addresses.add(address)
  for (const reference of references) {
    for (const [, address = ''] of cut.matchAll(reference)) add(address)
  }
  for (const [, one, other] of cut.matchAll(sourceSet)) {
    for (const [, address = ''] of (one ?? other ?? '').matchAll(sourceSetEntry)) add(address)
  }
  const hosts = new Set([...addresses].flatMap((address) => hostOf(address) ?? []))
  return { count: addresses.size, hosts: [...hosts].sort().slice(0, maxHosts) }
}

function hostOf(address: string): string | null {
  const whole = address.startsWith('//') ? `https:${address}` : address
  return URL.canParse(whole) ? new URL(whole).host : null
}
