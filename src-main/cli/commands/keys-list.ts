import { command } from '../command.ts'
import { ago } from '../terminal.ts'

export const keysList = command({
  summary: 'List the API keys',
  options: {},
  examples: [
    ['mailsage keys list', 'all keys that are not revoked'],
    ["mailsage keys list --json | jq -r '.data[].id'", 'their ids'],
  ],
  async run({ remote, terminal }) {
    const list = await remote().ask('GET /v1/api-keys')
    if (terminal.printedJson(list)) return
    if (list.data.length === 0) terminal.note('There are no keys. Make one: mailsage keys create.')
    terminal.table(
      ['ID', 'NAME', 'MODE', 'STATE', 'LAST USED', 'PERMISSIONS'],
      list.data.map((key) => [
        key.id,
        key.name,
        key.mode,
        key.enabled ? 'on' : 'off',
        ago(key.last_used_at),
        key.permissions.join(' '),
      ]),
    )
  },
})
