import { linkFindingLabels } from '../labels.ts'

export type Link = { readonly url: string; readonly text: string | null }

export type LinkFinding = {
  readonly kind: 'mismatch' | 'insecure' | 'address' | 'lookalike' | 'ambiguous' | 'duplicate'
  readonly sentence: string
}

export type AnalyzedLink = Link & {
  readonly host: string
  readonly scheme: string
  readonly tracking: readonly string[]
  readonly findings: readonly LinkFinding[]
}

const trackingNames =
  /^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|hsCtaTracking|igshid|oly_(?:anon|enc)_id|vero_(?:id|conv)|s_cid|ck_subscriber_id|_ke|ml_subscriber(?:_hash)?|rb_clickid)$/i

/** Finds tracking parameters and suspicious properties of each link. */
export function analyzeLinks(links: readonly Link[]): AnalyzedLink[] {
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
          ? [finding('ambiguous', linkFindingLabels.ambiguous(targets.size - 1))]
          : []),
        ...(first < index ? [finding('duplicate', linkFindingLabels.duplicate(first + 1))] : []),
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
    found.push(finding('mismatch', linkFindingLabels.mismatch(named, hostname)))
  }
  if (protocol === 'http:' && !isLocal(hostname)) {
    found.push(finding('insecure', linkFindingLabels.insecure))
  }
  if (/^\d+(?:\.\d+){3}$/.test(hostname) && !isLocal(hostname)) {
    found.push(finding('address', linkFindingLabels.address))
  }
  if (hostname.split('.').some((label) => label.startsWith('xn--'))) {
    found.push(finding('lookalike', linkFindingLabels.lookalike))
  }
  return found
}

const finding = (kind: LinkFinding['kind'], sentence: string): LinkFinding => ({ kind, sentence })

/** The host of a text that is a URL itself: `www.shop.example/orders`. */
function hostIn(text: string): string | null {
  const [, host] =
    /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#]\S*)?$/i.exec(text.trim()) ?? []
  return host?.toLowerCase() ?? null
}

/** True for equal hosts, with or without `www.`, and for a host and its subdomain. */
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

const actionWords =
  /\b(?:verif(?:y|ication)|confirm|activat\w*|reset|sign.?in|log.?in|magic|invit\w*|accept|unlock|set.?password|get.?started|best[äa]tigen|anmelden|aktivieren|confirmer|valider|verificar|confirmar)\b/i
const secondaryWords =
  /\b(?:unsubscribe|preferences|privacy|terms|help|support|abmelden|datenschutz|impressum)\b/i

/** The link for the main action of the message, such as verify, reset or sign in. */
export function mainLinkOf(links: readonly Link[]): Link | null {
  const usable = links.filter(
    ({ url, text }) => /^https?:/i.test(url) && !secondaryWords.test(`${text ?? ''} ${url}`),
  )
  return (
    usable.find(({ text }) => text !== null && actionWords.test(text)) ??
    usable.find(({ url }) => actionWords.test(url.replace(/[/_=&?-]/g, ' '))) ??
    null
  )
}
