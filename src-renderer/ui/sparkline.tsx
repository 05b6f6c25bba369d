type Point = { readonly good: number; readonly bad: number }

type SparklineProps = { label: string; points: readonly Point[]; height?: number }

const gap = 0.25

/** Stacked bars over time without axes: successes, and failures on top. */
export function Sparkline({ label, points, height = 48 }: SparklineProps) {
  const max = Math.max(1, ...points.map(({ good, bad }) => good + bad))
  const scale = (value: number) => (value / max) * height
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, points.length)} ${height}`}
      preserveAspectRatio="none"
      className="block w-full border-line border-b"
      style={{ height }}
    >
      {points.map(({ good, bad }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars are never reordered
        <g key={index}>
          <rect
            x={index + gap / 2}
            width={1 - gap}
            y={height - scale(good)}
            height={scale(good)}
            fill="var(--color-outcome-ok)"
          />
          <rect
            x={index + gap / 2}
            width={1 - gap}
            y={height - scale(good + bad)}
            height={scale(bad)}
            fill="var(--color-outcome-error)"
          />
        </g>
      ))}
    </svg>
  )
}
