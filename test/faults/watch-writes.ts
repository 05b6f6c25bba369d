import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

/**
 * Loaded before a program: prints how it makes its writes durable, or sends it a signal between the
 * write and the rename of the file that `WATCH_WRITES` names: “SIGKILL at FILE” is a power cut.
 */
const order = process.env.WATCH_WRITES ?? 'tell'
const [, signal, signalAt] = /^(SIG\w+) at (\S+)$/.exec(order) ?? []
const { fsyncSync, renameSync, writeSync } = fs

const tell = (line: string): void => {
  if (order === 'tell') writeSync(1, `${line}\n`)
}

fs.fsyncSync = (handle) => {
  tell(`fsync of a ${fs.fstatSync(handle).isDirectory() ? 'folder' : 'file'}`)
  fsyncSync(handle)
}

fs.renameSync = (from, to) => {
  if (signal && basename(String(to)) === signalAt) process.kill(process.pid, signal)
  tell(`rename to ${to}`)
  renameSync(from, to)
}

syncBuiltinESMExports()
