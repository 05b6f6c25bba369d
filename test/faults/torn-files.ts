import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Damage to a file by a power cut, a full disk or manual changes. */
export const damages = {
  'of 0 bytes': (file: string) => writeFileSync(file, ''),
  'cut in half': (file: string) => {
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length / 2)))
  },
  'of zeros': (file: string) => writeFileSync(file, Buffer.alloc(readFileSync(file).length)),
  'of random bytes': (file: string) => writeFileSync(file, randomBytes(readFileSync(file).length)),
  'that is missing': (file: string) => rmSync(file),
  'that is a folder': (file: string) => {
    rmSync(file)
    mkdirSync(file)
  },
} as const satisfies Record<string, (file: string) => void>

export const damageNames = Object.keys(damages) as (keyof typeof damages)[]
