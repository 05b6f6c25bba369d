const hidden = '••••••'

/** Hides credentials: the arguments after the mechanism of AUTH, and answers to a 334 (RFC 4954 §4). */
export function createLineMask(): (from: 'client' | 'server', line: string) => string {
  let isAnswer = false
  return (from, line) => {
    if (from === 'server') {
      isAnswer = line.startsWith('334')
      return isAnswer ? '334' : line
    }
    if (isAnswer) {
      isAnswer = false
      return hidden
    }
    const [, opening, rest] = /^(AUTH +\S+)( .*)?$/i.exec(line) ?? []
    if (opening === undefined) return line
    return rest === undefined ? opening : `${opening} ${hidden}`
  }
}
