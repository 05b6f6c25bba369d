/** The command of the npm that started this script, or of the one on the path. */
export function npmCommand(...args: readonly string[]): readonly [string, readonly string[]] {
  const npm = process.env.npm_execpath
  return npm ? [process.execPath, [npm, ...args]] : ['npm', args]
}
