// Runs real Node clients with the forms of a job file against the rogue
// servers. The servers see who logs in; this only tries, face after face, and
// notes what the client said.
//   node clients.cjs jobs.json answers.json
'use strict';
const fs = require('fs');
const [, , jobsPath, answersPath] = process.argv;
const { cases, ports, ca, modules } = JSON.parse(fs.readFileSync(jobsPath, 'utf8'));
const CA = fs.readFileSync(ca);
const load = (name) => require(modules + '/' + name);
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});

const patience = (promise) => {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve('timed out'), 30000); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

// Each resolves with the client's words when the attempt is over.
const clients = {
  ioredis: (library) => (args) => new Promise((resolve) => {
    const said = [];
    const Redis = load(library);
    const redis = new Redis(...args, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    redis.on('error', (error) => said.push(error.message));
    const over = () => { redis.disconnect(); resolve(said.join('; ')); };
    redis.on('end', over);
    redis.connect().catch((error) => { said.push(error.message); over(); });
  }),
  'node-redis': (library) => (args) => new Promise((resolve) => {
    const said = [];
    const [options] = args;
    if (options.socket === undefined) options.socket = {};
    if (options.socket && typeof options.socket === 'object') options.socket.reconnectStrategy = false;
    const redis = load(library).createClient(options);
    const over = () => { Promise.resolve().then(() => redis.disconnect()).catch(() => {}); resolve(said.join('; ')); };
    redis.on('error', (error) => { said.push(error.message); });
    redis.connect().then(over, (error) => { said.push(error.message); over(); });
  }),
  bullmq: (library) => (args) => new Promise((resolve) => {
    const said = [];
    const [options] = args;
    options.connection.retryStrategy = () => null;
    const queue = new (load(library).Queue)('q', options);
    const over = () => { queue.disconnect().catch(() => {}); resolve(said.join('; ')); };
    queue.on('error', (error) => { said.push(error.message); over(); });
    queue.on('ioredis:close', over);
  }),
};

async function attempt(job, face) {
  const text = job.form.replaceAll('PORT', String(ports[face])).replaceAll('USER', `case${job.id}x`);
  try {
    const args = new Function('CA', 'require', `return [${text}]`)(CA, require);
    return await patience(clients[job.client](job.library)(args));
  } catch (error) {
    return 'refused: ' + error.message;
  }
}

async function run(job) {
  const said = {};
  for (const face of Object.keys(ports)) {
    said[face] = await attempt(job, face);
    if (face === 'stranger' && said[face].includes('rogue')) break;
  }
  return said;
}

(async () => {
  const answers = {};
  let next = 0;
  const lane = async () => { while (next < cases.length) { const job = cases[next++]; answers[job.id] = await run(job); } };
  await Promise.all(Array.from({ length: 12 }, lane));
  fs.writeFileSync(answersPath, JSON.stringify(answers));
  process.exit(0);
})();
