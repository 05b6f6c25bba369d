export type Header = { readonly name: string; readonly value: string }

/** One server on the delivery route of a message. */
export type Hop = {
  readonly from: string | null
  readonly by: string | null
  readonly protocol: string | null
  readonly at: number | null
  /** Time since the previous hop; null for the first hop or without a time. */
  readonly delayMs: number | null
  readonly isEncrypted: boolean
}

/** The `Received` headers as hops, oldest first (RFC 5321 §4.4). */
export function parseHops(headers: readonly Header[]): Hop[] {
  const hops = headers
    .filter(({ name }) => name.toLowerCase() === 'received')
    .map(({ value }) => parseHop(value))
    .reverse()
  return hops.map((hop, index) => {
    const before = hops[index - 1]?.at ?? null
    const delayMs = hop.at === null || before === null ? null : hop.at - before
    return { ...hop, delayMs }
  })
}

function parseHop(value: string): Omit<Hop, 'delayMs'> {
  const semicolon = value.lastIndexOf(';')
  const head = semicolon < 0 ? value : value.slice(0, semicolon)
  // A comment in parentheses may contain the keywords.
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

/** Removes everything from the first to the last parenthesis. */
function withoutComment(text: string): string {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')]
  return open < 0 || close < open ? text : text.slice(0, open) + text.slice(close + 1)
}

export type AuthResult = {
  readonly method: string
  readonly result: string
  readonly about: string
}

/** Parses `Authentication-Results` (RFC 8601): the checking server and the result of each method. */
export function parseAuthResults(value: string): { server: string; results: AuthResult[] } {
  const [server = '', ...parts] = value.replace(/\([^()]*\)/g, ' ').split(';')
  const results = parts.flatMap((part) => {
    const [, method, result, about = ''] = /^\s*([\w.-]+)\s*=\s*([\w-]+)\s*(.*)$/s.exec(part) ?? []
    return method && result ? [{ method, result: result.toLowerCase(), about: about.trim() }] : []
  })
  return { server: server.trim().split(/\s/)[0] ?? '', results }
}

/** The URLs in angle brackets of `List-*` headers (RFC 2369). */
export function parseListUrls(value: string): string[] {
  return [...value.matchAll(/<\s*((?:https?|mailto):[^<>\s]+)\s*>/gi)].map(([, url = '']) => url)
}
