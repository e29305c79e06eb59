// A chat server as one would write it on Node: committed before it is acknowledged, one statement per message.
// It makes none of the other promises: no accounts, no idempotency, no resume, one process only.
import { createServer } from "node:http";
import { createPool } from "mysql2/promise";
import { WebSocketServer } from "ws";

const pool = createPool({ uri: process.env.DATABASE_URL, connectionLimit: 20 });
const rooms = new Map();
const INSERT =
  "INSERT INTO messages (ticket_id, seq, client_id, sender, content, created_at) VALUES (?, ?, ?, ?, ?, NOW(6))";

await pool.query(`CREATE TABLE IF NOT EXISTS messages (
  id INT AUTO_INCREMENT PRIMARY KEY,
  ticket_id INT NOT NULL,
  seq INT NOT NULL,
  client_id CHAR(36) NOT NULL,
  sender VARCHAR(100) NOT NULL,
  content TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE (ticket_id, seq),
  UNIQUE (ticket_id, sender, client_id)
)`);

function enter(ticketId, socket) {
  if (!rooms.has(ticketId)) rooms.set(ticketId, { seq: 0, sockets: new Set() });
  const room = rooms.get(ticketId);
  room.sockets.add(socket);
  return room;
}

async function post(room, ticketId, person, frame) {
  const seq = ++room.seq;
  const [done] = await pool.execute(INSERT, [ticketId, seq, frame.client_id, person, frame.content]);
  const told = JSON.stringify({
    type: "message",
    id: done.insertId,
    seq,
    client_id: frame.client_id,
    ticket_id: ticketId,
    sender: { name: person },
    content: frame.content,
    timestamp: new Date().toISOString(),
  });
  for (const socket of room.sockets) socket.send(told);
}

const server = createServer((_request, response) => response.end("ok"));
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 });

sockets.on("connection", (socket, request) => {
  const url = new URL(request.url, "http://localhost");
  const ticketId = Number(url.pathname.split("/").at(-1));
  const person = url.searchParams.get("person");
  const room = enter(ticketId, socket);
  socket.on("close", () => room.sockets.delete(socket));
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "message") post(room, ticketId, person, frame).catch((error) => socket.close(1011, error.code));
  });
  socket.send(JSON.stringify({ type: "ready", last_seq: room.seq }));
});

process.on("SIGTERM", () => process.exit(0));
server.listen(Number(process.env.PORT), "127.0.0.1", 2048);
