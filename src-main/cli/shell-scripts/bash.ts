import type { Completions } from '../completions.ts'

/** The script for bash. It skips words that are not commands, such as options and their values. */
export function bashScript(completions: Completions): string {
  const cases = [...completions].map(
    ([before, { words, options }]) =>
      `    '${before}') words='${[...words.keys()].join(' ')}' options='${[...options.keys()].join(' ')}' ;;`,
  )
  const known = [...completions.keys()].filter(Boolean).map((before) => `'${before}'`)
  return `_mailsage() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before='' words='' options='' at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${before:+$before }\${COMP_WORDS[at]}" in
      ${known.join('|')}) before="\${before:+$before }\${COMP_WORDS[at]}" ;;
    esac
  done
  case "$before" in
${cases.join('\n')}
  esac
  [[ "$current" == -* ]] && words="$options"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _mailsage mailsage`
}

/** Zsh runs the script for bash, after it has loaded its own completion where that is missing. */
export function zshScript(completions: Completions): string {
  return `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
autoload -U +X bashcompinit && bashcompinit
${bashScript(completions)}`
}
