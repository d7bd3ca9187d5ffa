// bitcoind for the peer: RPC, broadcasting, and following the chain block by block.
import { execFileSync } from 'node:child_process';

export const hex = bytes => Buffer.from(bytes).toString('hex');
export const bytes = text => Uint8Array.from(Buffer.from(text, 'hex'));
export const reversed = array => Uint8Array.from(array).reverse();
export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

export class Bitcoind {
  constructor(address) {
    const url = new URL(address);
    this.url = url.origin + url.pathname;
    this.authorization = 'Basic ' + Buffer.from(`${url.username}:${url.password}`).toString('base64');
  }

  async call(method, ...params) {
    const response = await fetch(this.url, { method: 'POST', headers: { authorization: this.authorization }, body: JSON.stringify({ id: 1, method, params }) });
    const reply = await response.json();
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result;
  }

  // LDK asks its wallet synchronously.
  callSync(method, ...params) {
    const body = JSON.stringify({ id: 1, method, params });
    const reply = JSON.parse(execFileSync('curl', ['-s', '-H', `authorization: ${this.authorization}`, '-d', '@-', this.url], { input: body }));
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result;
  }
}

// Keeps listeners (LDK's Listen objects) on the best chain, taking blocks back where it reorganised.
export class ChainFeed {
  constructor(bitcoind, best, onTip) {
    this.bitcoind = bitcoind;
    this.best = best;
    this.onTip = onTip;
    this.listeners = [];
    this.paused = false;
  }

  async run(onError) {
    for (; ;) {
      try {
        if (!this.paused) await this.sync();
      } catch (error) {
        onError(error);
      }
      await sleep(100);
    }
  }

  async sync() {
    const tip = await this.bitcoind.call('getbestblockhash');
    if (tip === this.best.hash) return;
    const ahead = [];
    let header = await this.bitcoind.call('getblockheader', tip);
    while (header.hash !== this.best.hash) {
      if (header.height > this.best.height) {
        ahead.unshift(header);
        header = await this.bitcoind.call('getblockheader', header.previousblockhash);
      } else {
        await this.stepBack();
        if (header.height > this.best.height) {
          ahead.unshift(header);
          header = await this.bitcoind.call('getblockheader', header.previousblockhash);
        }
      }
    }
    for (const { hash, height } of ahead) {
      const block = bytes(await this.bitcoind.call('getblock', hash, 0));
      for (const listener of this.listeners) listener.block_connected(block, height);
      this.best = { hash, height };
    }
    this.onTip(this.best);
  }

  async stepBack() {
    const header = bytes(await this.bitcoind.call('getblockheader', this.best.hash, false));
    for (const listener of this.listeners) listener.block_disconnected(header, this.best.height);
    const { previousblockhash, height } = await this.bitcoind.call('getblockheader', this.best.hash);
    this.best = { hash: previousblockhash, height: height - 1 };
  }
}
