import { type FaultCode, faults } from '../../../src-main/contract/faults.ts'
import { logsLabels } from './labels.ts'

export function explainFault(code: string): { readonly title: string; readonly advice: string } {
  const known = code in faults ? (code as FaultCode) : null
  if (known === null) return { title: code, advice: '' }
  return { title: faults[known][3], advice: logsLabels.faultAdvice[known] }
}
