/**
 * The floor: the calls that a run takes, on bare Node, with kept-alive connections and nothing else. No inputs are checked, nothing
 * is reported, and whatever goes wrong ends it. The action cannot be faster than this.
 */
const { FLOOR_IAM, FLOOR_IMS, FLOOR_TOKEN, FLOOR_PROJECT, FLOOR_IMAGES, FLOOR_NAME, FLOOR_LOGIN } = process.env;
const library = process.getBuiltinModule(FLOOR_IMS.startsWith('https:') ? 'node:https' : 'node:http');
const CONNECTIONS = 8;
const agent = new library.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const BATCH = 50;
const FEW = 20;

let token = FLOOR_TOKEN;

function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json', ...(token === '' ? {} : { 'X-Auth-Token': token }) };
    if (url.startsWith(FLOOR_IAM) && method === 'GET') headers['X-Subject-Token'] = token;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const request = library.request(url, { method, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        if (answer.statusCode > 201) reject(new Error(`${method} ${url}: HTTP ${answer.statusCode} ${text}`));
        else resolve({ headers: answer.headers, body: text === '' ? null : JSON.parse(text) });
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const get = async (path) => (await call('GET', FLOOR_IMS + path)).body;
const list = (status, query) =>
  get(`/v2/cloudimages?member_status=${status}&visibility=shared&__imagetype=shared&${query}`);

async function pages(status) {
  const images = [];
  for (let query = 'limit=1000'; ; query = `limit=1000&marker=${images.at(-1).id}`) {
    const page = (await list(status, query)).images;
    if (page.length === 0) return images;
    images.push(...page);
  }
}

/** An idle connection for later, while IAM answers; nothing is sent on it. */
function connectAhead() {
  const { hostname: host, port } = new URL(FLOOR_IMS);
  const tls = FLOOR_IMS.startsWith('https:');
  const socket = agent.createConnection({ host, port, keepAlive: true, ...(tls ? { servername: '' } : {}) });
  const ready = new Promise((done) => socket.once(tls ? 'secureConnect' : 'connect', done));
  const own = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    if (String(options.port) !== port) return own(options, done);
    agent.createConnection = own;
    void ready.then(() => done(null, socket));
  };
}

async function logIn() {
  const { user, password, domain } = JSON.parse(FLOOR_LOGIN);
  connectAhead();
  const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: domain } } } };
  const body = { auth: { identity, scope: { project: { id: FLOOR_PROJECT } } } };
  token = (await call('POST', `${FLOOR_IAM}/v3/auth/tokens?nocatalog=true`, body)).headers['x-subject-token'];
}

const given = FLOOR_NAME === undefined ? FLOOR_IMAGES.split(',') : null;
async function look() {
  if (given !== null && given.length <= FEW)
    return (await Promise.all(given.map((id) => list('pending', `id=${id}`)))).flatMap(({ images }) => images);
  const wanted = given === null ? null : new Set(given);
  return (await pages('pending')).filter(({ id, name }) => wanted?.has(id) ?? name.startsWith(FLOOR_NAME));
}

if (FLOOR_LOGIN !== undefined) await logIn();
const check = FLOOR_LOGIN === undefined ? call('GET', `${FLOOR_IAM}/v3/auth/tokens?nocatalog=true`) : null;
const [images, scope] = await Promise.all([look(), check]);
if (scope !== null && scope.body.token.project.id !== FLOOR_PROJECT) throw new Error('the wrong project');
if (given !== null && images.length !== given.length) throw new Error('an image is not shared');

const ids = images.map(({ id }) => id);
const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, at) =>
  ids.slice(at * BATCH, (at + 1) * BATCH),
);
const jobs = await Promise.all(
  batches.map(async (batch) => {
    const change = { images: batch, project_id: FLOOR_PROJECT, status: 'accepted' };
    return (await call('PUT', `${FLOOR_IMS}/v1/cloudimages/members`, change)).body.job_id;
  }),
);
async function isOver(job) {
  const { status } = await get(`/v1/${FLOOR_PROJECT}/jobs/${job}`);
  if (status === 'FAIL') throw new Error('the job failed');
  return status === 'SUCCESS';
}
async function follow(job) {
  while (!(await isOver(job))) await new Promise((resolve) => setTimeout(resolve, 300));
}
// Jobs that began together end together: as many as there are connections are asked, and the first one stands for the others.
const first = await Promise.all(jobs.slice(0, CONNECTIONS).map(isOver));
const open = jobs.filter((_, at) => !first[at]);
if (first[0] === false) await follow(open.shift());
await Promise.all(open.map(follow));

const wanted = new Set(ids);
const accepted =
  ids.length <= FEW
    ? await Promise.all(ids.map(async (id) => (await get(`/v2/images/${id}/members/${FLOOR_PROJECT}`)).status))
    : (await pages('accepted')).filter(({ id }) => wanted.has(id)).map(() => 'accepted');
if (accepted.length !== ids.length || accepted.some((status) => status !== 'accepted')) throw new Error('not accepted');
agent.destroy();
