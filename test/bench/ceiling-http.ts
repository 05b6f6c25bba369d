import fastify from 'fastify'

/** The ceiling: bare Fastify that parses the same JSON and answers the same few fields. */
const server = fastify()
server.post('/v1/send', async (_request, reply) =>
  reply
    .code(202)
    .send({ id: 'msg_ceiling', status: 'queued', created_at: new Date().toISOString() }),
)
await server.listen({ host: '127.0.0.1', port: 0 })
const address = server.server.address()
console.log(JSON.stringify({ httpPort: typeof address === 'object' ? address?.port : null }))
