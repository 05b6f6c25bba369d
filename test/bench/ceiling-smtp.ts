import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'

/** The ceiling: smtp-server, greeting at once, taking any key, reading each message and dropping it. */
type Inner = { _setListeners: (done: () => void) => void; connectionReady: () => void }

// By default smtp-server delays its greeting by 100 ms, which would dominate the measurement.
const connection = SMTPConnection.prototype as unknown as Inner & { init: () => void }
connection.init = function (this: Inner) {
  this._setListeners(() => this.connectionReady())
}

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  disabledCommands: ['STARTTLS'],
  hideENHANCEDSTATUSCODES: false,
  logger: false,
  onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'any' }),
  onData(stream, _session, done) {
    stream.on('end', () => done())
    stream.resume()
  },
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ smtpPort: (server.server.address() as AddressInfo).port }))
})
