import { defaultOf, flagOf, settingNames, settings } from '../config.ts'
import type { Options } from './command.ts'

/** The flag of each setting, with its meaning and its default. */
export const settingOptions: Options = Object.fromEntries(
  settingNames.map((name) => [
    flagOf(name),
    {
      type: 'string' as const,
      value: placeholder(name),
      help: `${settings[name].help}. Default: ${defaultOf(name)}`,
    },
  ]),
)

/** The last word: `PORT` of `smtpPort`. */
function placeholder(name: string): string {
  return (name.split(/(?=[A-Z])/).at(-1) ?? name).toUpperCase()
}
