export type Trouble = { readonly title: string; readonly advice: string }

type Kind = Trouble & { readonly pattern: RegExp }

/** What servers and sockets say, and what to do about it; the first that fits counts. */
const kinds: readonly Kind[] = [
  {
    pattern: /ENOTFOUND|EAI_AGAIN|getaddrinfo|EDNS|queryA|NXDOMAIN/i,
    title: 'The host name is not known',
    advice: 'Check its spelling. If it is right, this machine’s DNS may be down.',
  },
  {
    pattern: /certificate|self-signed|self signed|CERT_|altnames|unable to verify/i,
    title: 'The certificate cannot be trusted',
    advice:
      'It is self-signed, expired, or for another host name. Use the name it was made for. For a server of your own, “Check the certificate” can be switched off.',
  },
  {
    pattern: /does not speak TLS|no TLS connection|ERR_SSL_|wrong version number|unexpected eof/i,
    title: 'Client and server disagree about encryption',
    advice: 'Port 465 wants TLS, ports 587 and 25 want STARTTLS. Choose what fits the port.',
  },
  {
    pattern: /STARTTLS/i,
    title: 'The server offers no STARTTLS',
    advice: 'Try port 465 with TLS. Without encryption only on a network that you trust.',
  },
  {
    pattern: /ECONNREFUSED|refused the connection/i,
    title: 'Nobody listens on that port',
    advice: 'Check the port, and that the server runs. 587 and 465 are the usual ones.',
  },
  {
    pattern: /in time|timeout|timed out|ETIMEDOUT|Greeting never received/i,
    title: 'The server does not answer',
    advice:
      'A firewall may drop the connection: many networks block port 25. Try port 587 or 465, or ask who runs the network.',
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|ENETDOWN/i,
    title: 'There is no way to that host',
    advice: 'Check the network, and whether a VPN is needed.',
  },
]

/** What is remembered of a relay's last failure; it has no code any more. */
export function explainRemembered(said: string): Trouble {
  const isSignIn = /refused the (user name|OAuth2)|Invalid login|\b53[0458]\b/i.test(said)
  return explain(isSignIn ? 'smtp_auth_error' : 'smtp_connection_error', said)
}

/** A failed connection in words, by the fault’s code and what the far side said. */
export function explain(code: string, said: string): Trouble {
  if (code === 'smtp_auth_error') {
    return /OAuth2|token|invalid_grant/i.test(said)
      ? {
          title: 'OAuth2 sign-in was refused',
          advice:
            'The refresh token may have expired or been revoked, or lack the scope for SMTP. Get a new one.',
        }
      : {
          title: 'The user name or password was refused',
          advice:
            'Many providers want an app password or an SMTP key here, not the password of the account.',
        }
  }
  const known = kinds.find(({ pattern }) => pattern.test(said))
  if (known) return { title: known.title, advice: known.advice }
  if (code === 'smtp_error') {
    return {
      title: 'The server refused',
      advice: 'Its own words say why. Often the sender must first be verified with the provider.',
    }
  }
  return {
    title: 'The server cannot be reached',
    advice: 'Check host and port, and that this machine may connect to the outside.',
  }
}
