/**
 * Elements that make a browser look up names and connect before any policy is asked: frames, and what
 * a page says of itself. They are renamed wherever their letters stand, also in what looks like a
 * comment or a text: which of the two it is, readers of HTML do not agree on.
 */
const frameTag =
  /<(\/?)(iframe|frame|frameset|object|embed|applet|portal|fencedframe|meta|base)(?=[\t\n\f\r />])/gi
/** Style sheets elsewhere are wanted once remote content is. */
const linkTag = /<(\/?)(link)(?=[\t\n\f\r />])/gi
/** An animation can give a link another address. */
const animated = /\battributename(?=[\t\n\f\r ]*=)/gi
const wholeFrame = /<(?:iframe|frame|object|embed|applet)(?=[\t\n\f\r />])[^<>]*/gi

/** The html with nothing in it that reaches elsewhere past the policy of its page. */
export function neutralised(html: string, isRemoteAllowed: boolean): string {
  const still = html.replace(frameTag, '<$1x-$2').replace(animated, 'x-$&')
  return isRemoteAllowed ? still : still.replace(linkTag, '<$1x-$2')
}

/** Without what is never loaded, so that it is not counted as what would be. */
export const withoutFrames = (html: string): string => html.replace(wholeFrame, '<x')
