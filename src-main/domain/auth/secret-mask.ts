/** Takes API keys out of a text that is to be written down. */
export type SecretMask = (text: string) => string

/** As in `ms_live_…`; the prefix stays, so that one sees which kind of key was said. */
const ownKey = /((?:ms|sk)_(?:live|test|console)_)\w+/g
const prefixParts = ['_live_', '_test_', '_console_']
const placeholder = '(API_KEY)'

/**
 * One mask for all that records what a client said: transcripts, the access log, events, the error
 * log. A client may say its key anywhere: as a command, a name, an address, a user agent.
 * `secrets` are keys without a shape of ours, such as API_KEY of the environment.
 */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const written = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  return (text) => {
    let masked = text
    for (const secret of written)
      if (masked.includes(secret)) masked = masked.replaceAll(secret, () => placeholder)
    // To look for what is rarely there costs far less than to replace it.
    const mayHold = prefixParts.some((part) => masked.includes(part))
    return mayHold ? masked.replace(ownKey, '$1…') : masked
  }
}

/** As it is, in JSON, in a URL, in lower case as host names are kept. */
const formsOf = (secret: string): string[] => [
  secret,
  secret.toLowerCase(),
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
]
