import type { Socket } from 'node:net'

/** A hundred short requests, and little enough to be read at once. */
const sliceBytes = 8 * 1024

/**
 * Gives Node's parser a packet in slices, and no more of it while `isFull`. By itself it makes a
 * request of everything in a packet at once: of 64 KiB that is 2,000, for which all others wait.
 * Answers the way to go on.
 */
export function readInSlices(socket: Socket, isFull: () => boolean): () => void {
  // Node's own listener, the first one since the connection is new.
  const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[]
  if (!parse) throw new Error('A new connection is not read by Node')
  let rest: Buffer | null = null
  socket.off('data', parse)
  socket.on('data', (bytes: Buffer) => {
    rest = rest ? Buffer.concat([rest, bytes]) : bytes
    goOn()
  })
  // Node itself pauses a connection whose answers pile up.
  socket.on('resume', goOn)

  function goOn(): void {
    while (rest && !isFull() && !socket.isPaused() && !socket.destroyed) {
      const slice: Buffer = rest.subarray(0, sliceBytes)
      rest = rest.length > sliceBytes ? rest.subarray(sliceBytes) : null
      parse?.(slice)
    }
    if (rest && isFull()) socket.pause()
  }

  return () => {
    goOn()
    if (!isFull() && socket.isPaused()) socket.resume()
  }
}
