/** The syntax tree of a template. */
export type Expression =
  | { readonly type: 'constant'; readonly value: string | number | boolean | null }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly type: 'attribute'; readonly target: Expression; readonly name: string }
  | { readonly type: 'item'; readonly target: Expression; readonly key: Expression }
  | { readonly type: 'slice'; readonly target: Expression; readonly bounds: Bounds }
  | { readonly type: 'call'; readonly target: Expression; readonly args: ArgumentNodes }
  | ({ readonly type: 'filter'; readonly target: Expression } & FilterUse)
  | ({ readonly type: 'test'; readonly target: Expression } & FilterUse)
  | { readonly type: 'unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expression }
  | {
      readonly type: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly type: 'concat'; readonly parts: readonly Expression[] }
  | { readonly type: 'compare'; readonly first: Expression; readonly rest: readonly Comparison[] }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'condition'
      readonly test: Expression
      readonly then: Expression
      readonly otherwise: Expression | null
    }

export type Bounds = readonly [Expression | null, Expression | null, Expression | null]

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export type Comparison = { readonly operator: ComparisonOperator; readonly operand: Expression }

export type ArgumentNodes = {
  readonly positional: readonly Expression[]
  readonly named: readonly (readonly [string, Expression])[]
  readonly spread: Expression | null
  readonly namedSpread: Expression | null
}

export type FilterUse = { readonly name: string; readonly args: ArgumentNodes }

export type Target =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'field'; readonly name: string; readonly field: string }
  | { readonly type: 'tuple'; readonly items: readonly Target[] }

export type Statement = { readonly line: number } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'output'; readonly expression: Expression }
  | { readonly type: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Body }
  | ForStatement
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly type: 'set block'
      readonly target: Target
      readonly filters: readonly FilterUse[]
      readonly body: Body
    }
  | {
      readonly type: 'with'
      readonly values: readonly (readonly [Target, Expression])[]
      readonly body: Body
    }
  | ({ readonly type: 'macro' } & MacroParts)
  | { readonly type: 'call'; readonly call: Expression; readonly caller: MacroParts }
  | { readonly type: 'filter'; readonly filters: readonly FilterUse[]; readonly body: Body }
  | { readonly type: 'block'; readonly body: Body }
  | { readonly type: 'autoescape'; readonly value: Expression; readonly body: Body }
)

export type Body = readonly Statement[]

export type Branch = { readonly test: Expression; readonly body: Body }

export type ForStatement = {
  readonly type: 'for'
  readonly target: Target
  readonly list: Expression
  readonly test: Expression | null
  readonly isRecursive: boolean
  readonly body: Body
  readonly otherwise: Body
}

export type MacroParts = {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly value: Expression | null }[]
  readonly body: Body
  /** Names that the body reads; `varargs`, `kwargs` and `caller` change its arguments. */
  readonly reads: ReadonlySet<string>
}
