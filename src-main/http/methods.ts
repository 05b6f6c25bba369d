import type { Dialect } from './route.ts'

export type Methods = ReturnType<typeof createMethods>

/** The methods of each path. A path without parameters has priority. */
export function createMethods(dialects: readonly Dialect[]) {
  const methods = new Map<string, Set<string>>()
  for (const line of dialects.flatMap(({ routes }) => Object.keys(routes))) {
    const [method = '', path = ''] = line.split(' ')
    methods.set(path, (methods.get(path) ?? new Set()).add(method))
  }
  const patterns = [...methods]
    .map(([path, taken]) => ({
      taken: [...taken],
      parameters: path.split('{').length - 1,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
    }))
    .toSorted((a, b) => a.parameters - b.parameters)

  return {
    of: (path: string): readonly string[] =>
      patterns.find(({ pattern }) => pattern.test(path))?.taken ?? [],

    /** False for `DELETE /v1/inbox/wait`, which the router matches as the deletion of a message. */
    takes(method: string, path: string): boolean {
      const taken = methods.get(path.replace(/\/$/, ''))
      return taken?.has(method === 'HEAD' ? 'GET' : method) ?? true
    },
  }
}
