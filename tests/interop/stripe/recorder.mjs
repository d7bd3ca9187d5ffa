// Stands between the client and the server and keeps what was asked and answered, byte for byte as it went over the wire.
import http from 'node:http';

/** A recorder before a server: `url` is where the client goes, `exchanges` what it has heard of the API. */
export async function record(target) {
  const exchanges = [];
  const agent = new http.Agent({ keepAlive: true });
  const proxy = http.createServer((request, response) => {
    const sent = [];
    request.on('data', part => sent.push(part));
    request.on('end', () => {
      const onwards = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: request.headers, agent }, answer => {
        const heard = [];
        answer.on('data', part => heard.push(part));
        answer.on('end', () => {
          const body = Buffer.concat(heard);
          if (request.url.startsWith('/v1/')) exchanges.push({ method: request.method, path: request.url.split('?')[0], query: request.url.split('?')[1] ?? '', sent: Buffer.concat(sent).toString(), status: answer.statusCode, headers: answer.headers, body: body.toString() });
          response.writeHead(answer.statusCode, answer.headers);
          response.end(body);
        });
      });
      onwards.on('error', () => response.destroy());
      onwards.end(Buffer.concat(sent));
    });
  });
  // A connection that rests stays: one that ends at the moment of the next request would lose it.
  proxy.keepAliveTimeout = 0;
  proxy.requestTimeout = 0;
  await new Promise(done => proxy.listen(0, '127.0.0.1', done));
  return {
    url: new URL(`http://127.0.0.1:${proxy.address().port}`),
    exchanges,
    close: () => { proxy.close(); proxy.closeAllConnections(); agent.destroy(); },
  };
}
