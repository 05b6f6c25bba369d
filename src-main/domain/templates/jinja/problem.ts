/** An error of a template, as a sentence for its author. */
export class JinjaProblem extends Error {
  line: number | null

  constructor(message: string, line: number | null = null) {
    super(message)
    this.line = line
  }
}
