export type Header = { readonly name: string; readonly value: string }

/** One stop of a message on its way. */
export type Hop = {
  readonly from: string | null
  readonly by: string | null
  readonly protocol: string | null
  readonly at: number | null
  /** Since the stop before; null for the first, or where a clock is missing. */
  readonly delayMs: number | null
  readonly isEncrypted: boolean
}

/** The `Received` headers as a journey, the first stop first (RFC 5321 §4.4). */
export function parseHops(headers: readonly Header[]): Hop[] {
  const stops = headers
    .filter(({ name }) => name.toLowerCase() === 'received')
    .map(({ value }) => parseHop(value))
    .reverse()
  return stops.map((stop, index) => {
    const before = stops[index - 1]?.at ?? null
    const delayMs = stop.at === null || before === null ? null : stop.at - before
    return { ...stop, delayMs }
  })
}

function parseHop(value: string): Omit<Hop, 'delayMs'> {
  const semicolon = value.lastIndexOf(';')
  const head = semicolon < 0 ? value : value.slice(0, semicolon)
  // A remark in brackets may hold the words that are looked for.
  const plain = head.replace(/\([^()]*\)/g, ' ')
  const word = (name: string) =>
    new RegExp(`(?:^|\\s)${name}\\s+(\\S+)`, 'i').exec(plain)?.[1] ?? null
  const at = semicolon < 0 ? Number.NaN : Date.parse(withoutComment(value.slice(semicolon + 1)))
  const protocol = word('with')
  return {
    from: word('from'),
    by: word('by'),
    protocol,
    at: Number.isNaN(at) ? null : at,
    // RFC 3848: the S of ESMTPS stands for TLS.
    isEncrypted: /^(?:utf8)?e?smtpsa?$/i.test(protocol ?? '') || /\bTLS/i.test(head),
  }
}

/** From the first bracket to the last. */
function withoutComment(text: string): string {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')]
  return open < 0 || close < open ? text : text.slice(0, open) + text.slice(close + 1)
}

export type AuthResult = {
  readonly method: string
  readonly result: string
  readonly about: string
}

/** `Authentication-Results` (RFC 8601): who checked, and what came of each check. */
export function parseAuthResults(value: string): { server: string; results: AuthResult[] } {
  const [server = '', ...parts] = value.replace(/\([^()]*\)/g, ' ').split(';')
  const results = parts.flatMap((part) => {
    const [, method, result, about = ''] = /^\s*([\w.-]+)\s*=\s*([\w-]+)\s*(.*)$/s.exec(part) ?? []
    return method && result ? [{ method, result: result.toLowerCase(), about: about.trim() }] : []
  })
  return { server: server.trim().split(/\s/)[0] ?? '', results }
}

/** The addresses of `List-Unsubscribe` and its like (RFC 2369): each in angle brackets. */
export function bracketedAddresses(value: string): string[] {
  return [...value.matchAll(/<\s*((?:https?|mailto):[^<>\s]+)\s*>/gi)].map(([, url = '']) => url)
}
