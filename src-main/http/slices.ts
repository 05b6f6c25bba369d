import type { Socket } from 'node:net'
import { inTurn } from '../base/turns.ts'

/** A few short requests. */
const requestSliceBytes = 1024
const bodySliceBytes = 8 * 1024

type ReadState = {
  /** No more requests are read for now. */
  readonly isFull: () => boolean
  /** Requests wait for the one before them. */
  readonly isAhead: () => boolean
  readonly isBody: () => boolean
}

/**
 * Passes a packet to Node's parser in slices, and pauses while `isFull`. Without slices, the parser
 * emits all requests of a packet at once: 2,000 in 64 KiB, which delay all other clients. The rest of
 * the packet is read in later turns of the event loop. Returns the function that resumes reading.
 */
export function readInSlices(socket: Socket, { isFull, isAhead, isBody }: ReadState): () => void {
  // Node's own listener is the first one, since the connection is new.
  const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[]
  if (!parse) throw new Error('A new connection is not read by Node')
  let rest: Buffer | null = null
  let isPlanned = false
  socket.off('data', parse)
  socket.on('data', (bytes: Buffer) => {
    rest = rest ? Buffer.concat([rest, bytes]) : bytes
    parseRest()
  })
  // Node itself pauses a connection with too many unsent responses.
  socket.on('resume', parseRest)

  function parseRest(): void {
    while (rest && !isPlanned && !isFull() && !socket.isPaused() && !socket.destroyed) {
      const sliceBytes = isBody() ? bodySliceBytes : requestSliceBytes
      const slice: Buffer = rest.subarray(0, sliceBytes)
      rest = rest.length > sliceBytes ? rest.subarray(sliceBytes) : null
      parse?.(slice)
      if (rest && isAhead()) planRest()
    }
    if (rest && (isPlanned || isFull())) socket.pause()
  }

  function planRest(): void {
    isPlanned = true
    inTurn(() => {
      isPlanned = false
      readOn()
    })
  }

  function readOn(): void {
    parseRest()
    if (!isPlanned && !isFull() && socket.isPaused()) socket.resume()
  }

  return readOn
}
