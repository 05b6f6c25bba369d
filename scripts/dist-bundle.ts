import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const chunk = /-[\w-]{8}\.js$/

/**
 * The built app with its libraries in its own files, so that it needs no `node_modules` but the
 * database driver: small, quick to start, and free of `require` of ES modules, which an older
 * Electron does not know.
 */
export async function bundleApp(root: string, app: string, driver: string): Promise<void> {
  const built = join(root, 'out/main')
  const entries = readdirSync(built).filter((name) => name.endsWith('.js') && !chunk.test(name))
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3'] },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: join(app, 'out/main'),
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [name.slice(0, -3), join(built, name)])),
        // One flat folder, as the build has it: workers are found beside the file that starts them.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        external: ['electron', 'better-sqlite3'],
      },
    },
  })
  for (const part of ['out/preload', 'out/renderer', 'out/docs', 'resources', 'LICENSE']) {
    cpSync(join(root, part), join(app, part), {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    })
  }
  writeFileSync(join(app, 'package.json'), appPackage(root))
  copyDriver(driver, join(app, 'node_modules'))
}

/** The fields of package.json that Electron and the app read at run time. */
function appPackage(root: string): string {
  const { name, productName, version, description, license, type, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, string>>
  return `${JSON.stringify({ name, productName, version, description, license, type, main }, null, 2)}\n`
}

/** `driver` holds better-sqlite3 and what it needs; its sources and other systems' builds stay out. */
function copyDriver(driver: string, modules: string): void {
  const wanted = new Set(['better-sqlite3', 'bindings', 'file-uri-to-path'])
  const thisSystem = `${process.platform}-${process.arch}.node`
  for (const name of readdirSync(driver).filter((one) => wanted.has(one))) {
    const from = join(driver, name)
    mkdirSync(join(modules, name), { recursive: true })
    for (const part of readdirSync(from)) {
      if (['deps', 'src', 'binding.gyp', 'node_modules', 'test'].includes(part)) continue
      cpSync(join(from, part), join(modules, name, part), {
        recursive: true,
        filter: (file) =>
          file.includes('/prebuilds/') ? file.endsWith(thisSystem) : !/\.(ts|md)$/.test(file),
      })
    }
  }
}
