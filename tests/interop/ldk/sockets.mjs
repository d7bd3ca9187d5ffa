// TCP for LDK's PeerManager.
import * as ldk from 'lightningdevkit';
import net from 'node:net';
import { bytes } from './bitcoin.mjs';

const nowhere = () => ldk.Option_SocketAddressZ.constructor_none();

export class Sockets {
  constructor(peers, onActivity, onEnd) {
    this.peers = peers;
    this.onActivity = onActivity;
    this.onEnd = onEnd;
    this.count = 0n;
    this.descriptors = new Map(); // JavaScript has to hold what WebAssembly points at
  }

  describe(socket) {
    const id = ++this.count;
    let isWaiting = false;
    let isGone = false;
    socket.setNoDelay(true);
    const descriptor = ldk.SocketDescriptor.new_impl({
      send_data(data, resume) {
        if (resume) socket.resume(); else socket.pause();
        if (isWaiting || isGone) return 0;
        isWaiting = !socket.write(Buffer.from(data));
        return data.length;
      },
      disconnect_socket() { isGone = true; socket.destroy(); },
      eq(other) { return other.hash() === id; },
      hash() { return id; },
    });
    this.descriptors.set(id, descriptor);
    socket.on('drain', () => {
      isWaiting = false;
      if (!this.peers.write_buffer_space_avail(descriptor).is_ok()) socket.destroy();
    });
    socket.on('data', data => {
      if (!this.peers.read_event(descriptor, Uint8Array.from(data)).is_ok()) { isGone = true; socket.destroy(); }
      this.onActivity();
    });
    socket.on('error', () => { });
    socket.on('close', () => {
      if (this.descriptors.delete(id) && !isGone) this.peers.socket_disconnected(descriptor);
      isGone = true;
      this.onEnd(Number(id));
    });
    return descriptor;
  }

  listen(port) {
    return new Promise((resolve, reject) => {
      const server = net.createServer(socket => {
        if (!this.peers.new_inbound_connection(this.describe(socket), nowhere()).is_ok()) socket.destroy();
      });
      server.on('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server.address().port));
    });
  }

  connect(nodeId, host, port) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, host, () => {
        const descriptor = this.describe(socket);
        const first = this.peers.new_outbound_connection(bytes(nodeId), descriptor, nowhere());
        if (!first.is_ok()) return reject(new Error('the connection was refused'));
        descriptor.send_data(first.res, true);
        resolve();
      });
      socket.on('error', reject);
    });
  }
}
