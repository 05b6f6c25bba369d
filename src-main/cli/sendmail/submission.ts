import { once } from 'node:events'
import { connect } from 'node:net'
import { finished } from 'node:stream/promises'
import { connectionProblem } from '../../base/connection-problem.ts'
import type { SmtpAddress } from '../server-address.ts'
import { SmtpUnreachable } from '../smtp-client.ts'

/** `-bs`: the caller speaks SMTP itself, over stdin and stdout. */
export async function talkSmtp(address: SmtpAddress): Promise<number> {
  const socket = connect(address)
  await once(socket, 'connect').catch((error: unknown) => {
    throw new SmtpUnreachable(connectionProblem(error, `${address.host}:${address.port}`))
  })
  process.stdin.pipe(socket)
  socket.pipe(process.stdout, { end: false })
  await finished(socket, { writable: false })
  process.stdin.destroy()
  return 0
}
