/** A sentence for an error of `parseArgs` (node:util). */
export function argumentProblem(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  const [, quoted = ''] = /'([^']*)'/.exec(message ?? '') ?? []
  const [option = ''] = quoted.replace(/^-\w, /, '').split(/[ =]/)
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no option ${option}.`
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `“${quoted}” is one argument too many.`
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take/.test(message ?? '')
        ? `${option} takes no value.`
        : `${option} needs a value.${option.startsWith('--') ? ` Write a value that begins with “-” as ${option}=VALUE.` : ''}`
    default:
      return 'The command line cannot be read.'
  }
}
