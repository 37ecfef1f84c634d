/**
 * The floor: the calls that accepting one image takes, on bare Node, with kept-alive connections and nothing else. No inputs are
 * checked, nothing is reported, and whatever goes wrong ends it. The action cannot be faster than this.
 */
const http = process.getBuiltinModule('node:http');
const { FLOOR_IAM, FLOOR_IMS, FLOOR_TOKEN, FLOOR_PROJECT, FLOOR_IMAGE } = process.env;
const agent = new http.Agent({ keepAlive: true });

function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Auth-Token': FLOOR_TOKEN, Accept: 'application/json' };
    if (url.startsWith(FLOOR_IAM)) headers['X-Subject-Token'] = FLOOR_TOKEN;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const request = http.request(url, { method, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${url}: HTTP ${answer.statusCode} ${text}`));
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const list = `${FLOOR_IMS}/v2/cloudimages?member_status=pending&visibility=shared&__imagetype=shared&id=${FLOOR_IMAGE}`;
const [{ token }, { images }] = await Promise.all([
  call('GET', `${FLOOR_IAM}/v3/auth/tokens?nocatalog=true`),
  call('GET', list),
]);
if (token.project.id !== FLOOR_PROJECT || images[0].id !== FLOOR_IMAGE) throw new Error('the wrong project or image');
const change = { images: [FLOOR_IMAGE], project_id: FLOOR_PROJECT, status: 'accepted' };
const { job_id: job } = await call('PUT', `${FLOOR_IMS}/v1/cloudimages/members`, change);
for (let asked = 0; ; asked++) {
  if (asked > 0) await new Promise((resolve) => setTimeout(resolve, 300));
  const { status } = await call('GET', `${FLOOR_IMS}/v1/${FLOOR_PROJECT}/jobs/${job}`);
  if (status === 'SUCCESS') break;
  if (status === 'FAIL') throw new Error('the job failed');
}
const member = await call('GET', `${FLOOR_IMS}/v2/images/${FLOOR_IMAGE}/members/${FLOOR_PROJECT}`);
if (member.status !== 'accepted') throw new Error(`the member is ${member.status}`);
agent.destroy();
