/**
 * Keeps the server running when stdout or stderr fails (full disk, closed pipe). Replaces the
 * listeners that would end a command. A stream resumes once it can be written.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}
