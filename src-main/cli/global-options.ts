import { keyVariable } from './environment-key.ts'

/** Options of every command. */
export const globalOptions = {
  url: {
    type: 'string',
    value: 'URL',
    help: 'Server. Default: MAILSAGE_URL, or the server on this machine',
  },
  key: {
    type: 'string',
    value: 'KEY',
    help: `API key. Default: ${keyVariable}, or the key of that server`,
  },
  json: { type: 'boolean', help: 'Print JSON' },
  help: { type: 'boolean', short: 'h', help: 'Show this help' },
} as const
