import { readFileSync } from 'node:fs'
import { fileProblem } from '../base/file-problem.ts'
import { usage } from './refusal.ts'

export function readFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw usage(`The file ${file} cannot be read: ${fileProblem(error)}.`)
  }
}

export async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
