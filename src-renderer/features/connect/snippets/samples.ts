import { connectLabels } from '../labels.ts'
import { curl, swaks } from './command-line.ts'
import { dotnet, go, springBoot } from './compiled.ts'
import { dockerCompose } from './containers.ts'
import { nodeFetch, nodemailer } from './javascript.ts'
import { laravel, php, wordpress } from './php.ts'
import { django, flaskMail, pythonRequests, pythonSmtplib } from './python.ts'
import { rails } from './ruby.ts'
import type { Sample } from './sample.ts'

/** Sample groups in the order of the screen. */
export const sampleGroups: readonly {
  readonly name: string
  readonly samples: readonly Sample[]
}[] = [
  { name: connectLabels.samples.commandLine, samples: [curl, swaks] },
  { name: connectLabels.samples.javascript, samples: [nodeFetch, nodemailer] },
  {
    name: connectLabels.samples.python,
    samples: [pythonRequests, pythonSmtplib, django, flaskMail],
  },
  { name: connectLabels.samples.php, samples: [php, laravel, wordpress] },
  { name: connectLabels.samples.other, samples: [rails, springBoot, go, dotnet] },
  { name: connectLabels.samples.containers, samples: [dockerCompose] },
]

export const samples: readonly Sample[] = sampleGroups.flatMap((group) => group.samples)
