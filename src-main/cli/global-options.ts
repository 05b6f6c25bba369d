/** What every command takes. */
export const globalOptions = {
  url: { type: 'string', value: 'URL', help: 'The relay. Default: MAILSAGE_URL, or your own' },
  key: { type: 'string', value: 'KEY', help: 'An API key. Default: MAILSAGE_KEY, or your own' },
  json: { type: 'boolean', help: 'Answer as JSON' },
  help: { type: 'boolean', short: 'h', help: 'Show this' },
} as const
