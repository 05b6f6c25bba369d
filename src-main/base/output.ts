/**
 * A server outlives its output: a full disk behind stdout or stderr, or a closed pipe, ends nothing.
 * Takes the place of listeners that end a command then. A stream goes on once it can be written.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}
