// The twin in Fastify 5: node fastify.mjs <port> <database file>

import Fastify from "fastify";

import { Refused, Work } from "./work.mjs";

const [port, file] = process.argv.slice(2);
const work = new Work(file);
const app = Fastify({ bodyLimit: 8 * 1024 * 1024 });
const authorised = {
  preHandler: async (request) => {
    request.caller = await work.caller(request.headers.authorization);
  },
};
app.decorateRequest("caller", null);
app.post("/seed", (request) => work.seed(request.body));
app.get("/api/v1/people", authorised, async (request) => work.people(request.caller));
app.put("/api/v1/draft", authorised, async (request) => work.saveDraft(request.caller, request.body));
app.setErrorHandler((error, _, reply) =>
  error instanceof Refused ? reply.code(error.status).send(error.body) : reply.code(500).send(String(error)),
);
await app.listen({ port: Number(port), host: "127.0.0.1" });
