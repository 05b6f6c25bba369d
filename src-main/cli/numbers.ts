import { usage } from './refusal.ts'

export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw usage(`--${option} is a whole number, not “${text}”.`)
}
