import type { Option } from '../command.ts'
import type { Completions } from '../completions.ts'

/** The script for fish. It skips words that are not commands, such as options and their values. */
export function fishScript(completions: Completions): string {
  const known = [...completions.keys()].filter(Boolean).map(quoted)
  const lines = [...completions].flatMap(([before, { words, options }]) => {
    const start = `complete -c mailsage -n "__mailsage_follows ${quoted(before)}"`
    return [
      ...[...words].map(([word, meaning]) => `${start} -f -a ${word} -d ${quoted(meaning)}`),
      ...[...options].map(([flag, option]) => `${start} ${described(flag, option)}`),
    ]
  })
  return `function __mailsage_follows
  set -l before ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$before $word")
    contains -- "$next" ${known.join(' ')}; and set before "$next"
  end
  test "$before" = "$argv[1]"
end
${lines.join('\n')}`
}

function described(flag: string, { short, value, help }: Option): string {
  const kind = flag.startsWith('--') ? '-l' : flag.length === 2 ? '-s' : '-o'
  const parts = [
    `${kind} ${flag.replace(/^--?/, '')}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(value === undefined ? [] : ['-r']),
  ]
  return `${parts.join(' ')} -d ${quoted(help)}`
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
