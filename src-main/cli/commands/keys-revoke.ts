import { command } from '../command.ts'
import { usage } from '../refusal.ts'

export const keysRevoke = command({
  summary: 'Revoke API keys immediately and permanently',
  takes: 'ID…',
  options: {},
  examples: [
    ['mailsage keys revoke key_4fQ9xT2b', 'programs that use it are refused from now on'],
    ['mailsage keys rotate key_4fQ9xT2b', 'to replace a key without an interruption'],
  ],
  async run({ positionals: ids, remote, terminal }) {
    if (ids.length === 0)
      throw usage('Say which: mailsage keys revoke ID. `keys list` has the ids.')
    for (const id of ids) {
      const revoked = await remote().ask('DELETE /v1/api-keys/{id}', { params: { id } })
      if (!terminal.printedJson(revoked)) terminal.note(`Revoked ${revoked.id}.`)
    }
  },
})
