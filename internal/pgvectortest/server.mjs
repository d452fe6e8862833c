// Serves an empty PostgreSQL with pgvector on a port of its own, which it prints,
// until its input ends.
import net from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const probe = net.createServer().listen(0, '127.0.0.1')
await new Promise((resolve) => probe.once('listening', resolve))
const { port } = probe.address()
await new Promise((resolve) => probe.close(resolve))

const db = await PGlite.create({ extensions: { vector } })
await db.exec('CREATE EXTENSION vector')
const server = new PGLiteSocketServer({ db, port, host: '127.0.0.1', maxConnections: 16 })
await server.start()
console.log(port)
process.stdin.resume().once('end', () => process.exit(0))
