/** Takes a part that was started, to be closed in its turn, and answers it. */
export type Keep = <Part extends { readonly close: () => unknown }>(part: Part) => Part

/** Remembers what was started; `close` ends it in reverse, and what was ended stays ended. */
export function createClosing() {
  const started: { readonly close: () => unknown }[] = []
  const keep: Keep = (part) => {
    started.push(part)
    return part
  }
  return {
    keep,
    async close() {
      for (const part of started.splice(0).reverse()) await part.close()
    },
  }
}
