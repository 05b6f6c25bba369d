import { htmlFilters } from './filters-html.ts'
import { listFilters } from './filters-lists.ts'
import { numberFilters } from './filters-numbers.ts'
import { selectionFilters } from './filters-selection.ts'
import { textFilters } from './filters-text.ts'
import type { Filter } from './runtime.ts'

export const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    ...textFilters,
    ...htmlFilters,
    ...listFilters,
    ...numberFilters,
    ...selectionFilters,
  }),
)
