type Edge = { readonly from: string; readonly to: string }

/** Groups of files that reach each other by imports (Tarjan's strongly connected components). */
export function findCircles(files: readonly string[], imports: readonly Edge[]): string[][] {
  const targets = new Map(files.map((file) => [file, [] as string[]]))
  for (const { from, to } of imports) if (targets.has(to)) targets.get(from)?.push(to)

  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  for (const file of files) if (!order.has(file)) visit(file)
  return circles

  function visit(file: string): void {
    order.set(file, order.size)
    lowest.set(file, order.get(file) ?? 0)
    open.push(file)
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lower(file, lowest.get(target) ?? 0)
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = open.splice(open.indexOf(file)).sort()
    if (circle.length > 1) circles.push(circle)
  }

  function lower(file: string, to: number): void {
    lowest.set(file, Math.min(lowest.get(file) ?? to, to))
  }
}
