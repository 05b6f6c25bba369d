#!/usr/bin/env node
import { basename } from 'node:path'
import { run } from './run.ts'
import { sendmail } from './sendmail/sendmail.ts'

async function main(): Promise<number> {
  const [, called = '', ...args] = process.argv
  // Called through a link named sendmail, this is sendmail.
  const isSendmail = basename(called).replace(/\.\w+$/, '') === 'sendmail'
  return isSendmail ? sendmail.runRaw(args, process.env) : run(args, process.env)
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
