import { once } from 'node:events'
import { connect } from 'node:net'
import { finished } from 'node:stream/promises'
import type { SmtpAddress } from './relay-address.ts'

/** `-bs`: the caller speaks SMTP itself, over stdin and stdout. */
export async function talkSmtp(address: SmtpAddress): Promise<number> {
  const socket = connect(address)
  await once(socket, 'connect')
  process.stdin.pipe(socket)
  socket.pipe(process.stdout, { end: false })
  await finished(socket, { writable: false })
  process.stdin.destroy()
  return 0
}
