import { app } from 'electron'
import { readStartWords, type StartWords, targetOf } from './launch-args.ts'

export type StartWordInbox = ReturnType<typeof startWordInbox>

/**
 * Launch requests of this start and later ones: from the command line, from the command line of a
 * second start, or (macOS) from an event that may arrive before the app is ready.
 */
export function startWordInbox() {
  let waiting: StartWords[] = [readStartWords(process.argv)]
  let take: ((words: StartWords) => void) | null = null

  function deliver(words: StartWords): void {
    if (take) take(words)
    else waiting.push(words)
  }

  app.on('second-instance', (_event, argv) => deliver(readStartWords(argv)))
  app.on('open-file', (event, file) => {
    event.preventDefault()
    deliver({ files: [file], target: null, hidden: false })
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    deliver({ files: [], target: targetOf(url), hidden: false })
  })

  return {
    /** Passes earlier requests to `handler`, and then each new one. */
    handle(handler: (words: StartWords) => void): void {
      take = handler
      const before = waiting
      waiting = []
      for (const words of before) handler(words)
    },
  }
}
