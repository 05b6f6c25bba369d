import { chmodSync, cpSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { build } from 'vite'

/** The content of the npm package: the server in its own files, with all libraries but the database driver. */
export async function makePackage(root: string, folder: string): Promise<void> {
  const entries = [
    'src-main/cli/mailsage.ts',
    'src-main/library.ts',
    ...globSync('src-main/**/*-worker.ts', { cwd: root }),
  ]
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir: join(folder, 'out/main'),
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(
          entries.map((file) => [basename(file, '.ts'), join(root, file)] as const),
        ),
        // One flat folder: worker threads are found beside the file that starts them.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        external: ['better-sqlite3'],
      },
    },
  })
  chmodSync(join(folder, 'out/main/mailsage.js'), 0o755)
  writeFileSync(join(folder, 'out/main/library.d.ts'), declarations(root))
  for (const part of ['out/renderer', 'out/docs', 'LICENSE', 'README.md']) {
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    })
  }
  writeFileSync(join(folder, 'package.json'), manifest(root))
}

function declarations(root: string): string {
  const file = join(root, 'src-main/library.ts')
  const { code, errors } = isolatedDeclarationSync(file, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new Error(`The types of ${file} cannot be written.`)
  return code
}

type Manifest = {
  readonly [field: string]: unknown
  readonly dependencies: Readonly<Record<string, string>>
}

function manifest(root: string): string {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const { name, version, description, license, engines, dependencies } = own
  return `${JSON.stringify(
    {
      name,
      version,
      description,
      license,
      type: 'module',
      engines,
      bin: { mailsage: 'out/main/mailsage.js' },
      exports: {
        '.': { types: './out/main/library.d.ts', default: './out/main/library.js' },
        './package.json': './package.json',
      },
      files: ['out'],
      dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] },
    },
    null,
    2,
  )}\n`
}
