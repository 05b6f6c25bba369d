import { bind } from './jinja/call-arguments.ts'
import { print } from './jinja/print.ts'
import { JinjaProblem } from './jinja/problem.ts'
import type { Filter } from './jinja/runtime.ts'
import { numberOf, titleOf } from './jinja/values.ts'

/** The filters that MailSage adds to those of Jinja2. */
export function createMailFilters({
  formatDate,
  formatCurrency,
}: {
  readonly formatDate: (value: unknown, format: string) => string
  readonly formatCurrency: (value: unknown, currency: string) => string
}): ReadonlyMap<string, Filter> {
  return new Map<string, Filter>([
    [
      'date_format',
      (_runtime, value, args) => {
        const { format } = bind('date_format', args, ['format'])
        if (value === undefined || value === null) return ''
        const date = numberOf(value) ?? print(value)
        return formatDate(date, format === undefined ? '%B %d, %Y' : print(format).slice(0, 1000))
      },
    ],
    [
      'currency',
      (_runtime, value, args) => {
        const { code } = bind('currency', args, ['code'])
        const currency = code === undefined ? 'USD' : print(code)
        const number = numberOf(value) ?? Number(print(value))
        if (value === null || Number.isNaN(number)) {
          throw new JinjaProblem(`“currency” needs a number, not ${titleOf(value)}.`)
        }
        if (!/^[A-Za-z]{3}$/.test(currency)) {
          throw new JinjaProblem(`“currency” needs a code of three letters, such as "EUR".`)
        }
        return formatCurrency(number, currency)
      },
    ],
  ])
}
