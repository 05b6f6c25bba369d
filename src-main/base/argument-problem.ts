/** Why a command line could not be read (`parseArgs` of node:util), in a sentence. */
export function argumentProblem(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  const [, quoted = ''] = /'([^']*)'/.exec(message ?? '') ?? []
  const [option = ''] = quoted.replace(/^-\w, /, '').split(/[ =]/)
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no option ${option}.`
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `“${quoted}” is too much.`
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take/.test(message ?? '')
        ? `${option} takes no value.`
        : `${option} needs a value.${option.startsWith('--') ? ` One that begins with “-” is written ${option}=VALUE.` : ''}`
    default:
      return 'The command line cannot be read.'
  }
}
