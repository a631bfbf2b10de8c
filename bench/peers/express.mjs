// The twin in Express 5: node express.mjs <port> <database file>

import express from "express";

import { Refused, Work } from "./work.mjs";

const [port, file] = process.argv.slice(2);
const work = new Work(file);
const app = express();
app.use(express.json({ limit: "8mb" }));

const authorised = async (request, response, next) => {
  response.locals.caller = await work.caller(request.headers.authorization);
  next();
};
app.post("/seed", async (request, response) => response.json(await work.seed(request.body)));
app.get("/api/v1/people", authorised, (_, response) => response.json(work.people(response.locals.caller)));
app.put("/api/v1/draft", authorised, (request, response) =>
  response.json(work.saveDraft(response.locals.caller, request.body)),
);
app.use((error, _request, response, _next) =>
  error instanceof Refused ? response.status(error.status).json(error.body) : response.status(500).end(String(error)),
);
app.listen(Number(port), "127.0.0.1");
