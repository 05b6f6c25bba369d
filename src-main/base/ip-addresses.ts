import { BlockList, isIP } from 'node:net'

/** A dual-stack socket names an IPv4 peer `::ffff:127.0.0.1`. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/i, '')
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address)
  return plain === '::1' || plain.startsWith('127.')
}

/** True when every address of a range, or a single address, is in the other one. */
export function isRangeWithin(range: string, outer: string): boolean {
  const [base = '', bits] = range.split('/')
  const [outerBase = '', outerBits] = outer.split('/')
  if (isIP(base) === 0 || isIP(base) !== isIP(outerBase)) return false
  const whole = isIP(base) === 6 ? 128 : 32
  if (Number(bits ?? whole) < Number(outerBits ?? whole)) return false
  return addressFilter([outer])(base)
}

/** Returns a test: is an address one of these, or within one of these CIDR ranges? */
export function addressFilter(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [base = '', bits] = range.split('/')
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(base, family)
    else list.addSubnet(base, Number(bits), family)
  }
  return (address) => {
    const plain = plainAddress(address)
    return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
  }
}

/**
 * The addresses that count as one client: an IPv4 address, an IPv6 /64 (the smallest network of a
 * site), and all loopback addresses together.
 */
export function addressGroup(address: string): string {
  const plain = plainAddress(address)
  if (isLoopback(plain)) return 'loopback'
  return isIP(plain) === 6 ? firstHalf(plain) : plain
}

/** The upper 64 bits. A short form such as `2001:db8::1` is expanded first. */
function firstHalf(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // A dotted ending stands for two groups and is never among the first four.
  const behind = after.length + (after.at(-1)?.includes('.') ? 1 : 0)
  const zeros = tail === undefined ? [] : Array(Math.max(0, 8 - before.length - behind)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
