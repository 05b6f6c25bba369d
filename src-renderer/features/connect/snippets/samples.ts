import { curl, swaks } from './command-line.ts'
import { dotnet, go, springBoot } from './compiled.ts'
import { dockerCompose } from './containers.ts'
import { nodeFetch, nodemailer } from './javascript.ts'
import { laravel, php, wordpress } from './php.ts'
import { django, flaskMail, pythonRequests, pythonSmtplib } from './python.ts'
import { rails } from './ruby.ts'
import type { Sample } from './sample.ts'

/** In the order of the screen. */
export const sampleGroups: readonly {
  readonly name: string
  readonly samples: readonly Sample[]
}[] = [
  { name: 'Command line', samples: [curl, swaks] },
  { name: 'JavaScript', samples: [nodeFetch, nodemailer] },
  { name: 'Python', samples: [pythonRequests, pythonSmtplib, django, flaskMail] },
  { name: 'PHP', samples: [php, laravel, wordpress] },
  { name: 'Other languages', samples: [rails, springBoot, go, dotnet] },
  { name: 'Containers', samples: [dockerCompose] },
]

export const samples: readonly Sample[] = sampleGroups.flatMap((group) => group.samples)
