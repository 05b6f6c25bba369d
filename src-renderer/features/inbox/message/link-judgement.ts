export type Link = { readonly url: string; readonly text: string | null }

export type LinkFinding = {
  readonly kind: 'mismatch' | 'insecure' | 'address' | 'lookalike' | 'ambiguous' | 'duplicate'
  readonly sentence: string
}

export type JudgedLink = Link & {
  readonly host: string
  readonly scheme: string
  readonly tracking: readonly string[]
  readonly findings: readonly LinkFinding[]
}

const trackingNames =
  /^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|hsCtaTracking|igshid|oly_(?:anon|enc)_id|vero_(?:id|conv)|s_cid|ck_subscriber_id|_ke|ml_subscriber(?:_hash)?|rb_clickid)$/i

/** What a person should know of each link before pressing it. */
export function judgeLinks(links: readonly Link[]): JudgedLink[] {
  const targetsOfText = new Map<string, Set<string>>()
  const firstOfPage = new Map<string, number>()
  for (const [index, { url, text }] of links.entries()) {
    const words = text?.trim().toLowerCase() ?? ''
    const page = withoutTracking(url)
    if (words) targetsOfText.set(words, (targetsOfText.get(words) ?? new Set()).add(page))
    if (!firstOfPage.has(page)) firstOfPage.set(page, index)
  }
  return links.map((link, index) => {
    const url = URL.canParse(link.url) ? new URL(link.url) : null
    const first = firstOfPage.get(withoutTracking(link.url)) ?? index
    const targets = targetsOfText.get(link.text?.trim().toLowerCase() ?? '')
    return {
      ...link,
      host: url?.host ?? '',
      scheme: url?.protocol.replace(':', '') ?? '',
      tracking: url ? trackingOf(url) : [],
      findings: [
        ...findingsOf(link, url),
        ...(targets && targets.size > 1
          ? [finding('ambiguous', `The same words also lead to ${others(targets.size - 1)}.`)]
          : []),
        ...(first < index
          ? [finding('duplicate', `The same page as link ${first + 1}, but for tracking.`)]
          : []),
      ],
    }
  })
}

function findingsOf({ text }: Link, url: URL | null): LinkFinding[] {
  if (!url) return []
  const { protocol, hostname } = url
  const named = hostIn(text ?? '')
  const found: LinkFinding[] = []
  if (named && !isSameSite(named, hostname)) {
    found.push(finding('mismatch', `The words say ${named}, the link leads to ${hostname}.`))
  }
  if (protocol === 'http:' && !isLocal(hostname)) {
    found.push(
      finding('insecure', 'Not encrypted: anybody on the way can read and change the page.'),
    )
  }
  if (/^\d+(?:\.\d+){3}$/.test(hostname) && !isLocal(hostname)) {
    found.push(finding('address', 'A bare IP address instead of a name; filters dislike it.'))
  }
  if (hostname.split('.').some((label) => label.startsWith('xn--'))) {
    found.push(finding('lookalike', 'An international name, which can look like another one.'))
  }
  return found
}

const finding = (kind: LinkFinding['kind'], sentence: string): LinkFinding => ({ kind, sentence })

const others = (count: number): string => (count === 1 ? 'another page' : `${count} other pages`)

/** Words that are an address themselves: `www.shop.example/orders`. */
function hostIn(text: string): string | null {
  const [, host] =
    /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#]\S*)?$/i.exec(text.trim()) ?? []
  return host?.toLowerCase() ?? null
}

/** `shop.example` and `www.shop.example` are one site; so is a host and what stands below it. */
function isSameSite(one: string, other: string): boolean {
  const [a, b] = [one.replace(/^www\./, ''), other.replace(/^www\./, '')]
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`)
}

const isLocal = (hostname: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$|\.(?:test|localhost)$/.test(hostname)

const trackingOf = (url: URL): string[] =>
  [...new Set(url.searchParams.keys())].filter((name) => trackingNames.test(name))

function withoutTracking(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  for (const name of trackingOf(url)) url.searchParams.delete(name)
  return url.href
}

const action =
  /\b(?:verif(?:y|ication)|confirm|activat\w*|reset|sign.?in|log.?in|magic|invit\w*|accept|unlock|set.?password|get.?started|best[äa]tigen|anmelden|aktivieren|confirmer|valider|verificar|confirmar)\b/i
const side =
  /\b(?:unsubscribe|preferences|privacy|terms|help|support|abmelden|datenschutz|impressum)\b/i

/** The link that the message wants pressed: to verify, to reset, to sign in. */
export function mainLinkOf(links: readonly Link[]): Link | null {
  const usable = links.filter(
    ({ url, text }) => /^https?:/i.test(url) && !side.test(`${text ?? ''} ${url}`),
  )
  return (
    usable.find(({ text }) => text !== null && action.test(text)) ??
    usable.find(({ url }) => action.test(url.replace(/[/_=&?-]/g, ' '))) ??
    null
  )
}
