// What a test can ask of the peer.
import { bytes, hex, sleep } from './bitcoin.mjs';

export function makeCommands(node) {
  const { ldk, manager, peers, chain, keys, graph, sockets, some, held, events } = node;
  const must = (result, what) => {
    if (result.is_ok()) return result.res;
    throw new Error(`${what}: ${result.err?.constructor?.name ?? ''} ${result.err?.err ?? result.err?.get_err?.() ?? result.err ?? ''}`);
  };
  let payments = 0;
  const paymentId = () => {
    const id = new Uint8Array(32);
    new DataView(id.buffer).setBigUint64(0, BigInt(Date.now()));
    new DataView(id.buffer).setUint32(28, ++payments);
    return id;
  };
  const channel = id => ldk.ChannelId.constructor_from_bytes(bytes(id));
  const find = id => {
    const found = manager.list_channels().find(one => hex(one.get_channel_id().get_a()) === id);
    if (!found) throw new Error(`there is no channel ${id}`);
    return found;
  };
  const show = one => ({
    channel_id: hex(one.get_channel_id().get_a()),
    peer: hex(one.get_counterparty().get_node_id()),
    scid: some(one.get_short_channel_id())?.toString(),
    type: one.get_channel_type() && hex(one.get_channel_type().write()),
    sat: Number(one.get_channel_value_satoshis()),
    out_msat: Number(one.get_outbound_capacity_msat()),
    in_msat: Number(one.get_inbound_capacity_msat()),
    ready: Boolean(one.get_is_channel_ready()),
    usable: Boolean(one.get_is_usable()),
    feerate: some(one.get_feerate_sat_per_1000_weight()),
  });

  return {
    info: () => ({ id: hex(manager.get_our_node_id()), port: node.port, height: node.feed.best.height }),
    secret: () => hex(keys.get_node_secret_key()), // for a proxy that reads along
    connect: async ({ id, host = '127.0.0.1', port }) => {
      await sockets.connect(id, host, port);
      for (let i = 0; i < 6000 && !peers.list_peers().some(peer => hex(peer.get_counterparty_node_id()) === id); i++) await sleep(20);
      return peers.list_peers().some(peer => hex(peer.get_counterparty_node_id()) === id);
    },
    peers: () => peers.list_peers().map(peer => hex(peer.get_counterparty_node_id())),
    disconnect: ({ id }) => { peers.disconnect_by_node_id(bytes(id)); },
    open: ({ id, sat, push_msat = 0 }) => hex(must(manager.create_channel(bytes(id), BigInt(sat), BigInt(push_msat), 1n, null, null), 'open').get_a()),
    channels: () => manager.list_channels().map(show),
    close: ({ channel_id, force = false }) => {
      const peer = find(channel_id).get_counterparty().get_node_id();
      must(force ? manager.force_close_broadcasting_latest_txn(channel(channel_id), peer, 'asked') : manager.close_channel(channel(channel_id), peer), 'close');
    },
    invoice: ({ msat, description = 'test', expiry = 3600, hold = false }) => {
      const text = ldk.Bolt11InvoiceDescription.constructor_direct(must(ldk.Description.constructor_new(description), 'description'));
      const amount = msat ? ldk.Option_u64Z.constructor_some(BigInt(msat)) : ldk.Option_u64Z.constructor_none();
      const invoice = must(manager.create_bolt11_invoice(
        amount, text, ldk.Option_u32Z.constructor_some(expiry), ldk.Option_u16Z.constructor_none(), ldk.Option_ThirtyTwoBytesZ.constructor_none()), 'invoice');
      if (hold) held.add(hex(invoice.payment_hash()));
      return { invoice: invoice.to_str(), payment_hash: hex(invoice.payment_hash()) };
    },
    claim: ({ preimage }) => { manager.claim_funds(bytes(preimage)); },
    fail: ({ payment_hash }) => { manager.fail_htlc_backwards(bytes(payment_hash)); },
    pay: ({ invoice: text, msat, attempts = 3, paths }) => {
      const invoice = must(ldk.Bolt11Invoice.constructor_from_str(text), 'invoice');
      const parameters = must(some(invoice.amount_milli_satoshis()) == null
        ? ldk.UtilMethods.constructor_payment_parameters_from_variable_amount_invoice(invoice, BigInt(msat))
        : ldk.UtilMethods.constructor_payment_parameters_from_invoice(invoice), 'parameters');
      const route = parameters.get_c();
      if (paths) {
        // More than one path is taken only where one channel does not suffice.
        const payment = route.get_payment_params();
        payment.set_max_path_count(paths);
        route.set_payment_params(payment);
      }
      must(manager.send_payment(parameters.get_a(), parameters.get_b(), paymentId(), route, ldk.Retry.constructor_attempts(attempts)), 'pay');
      return hex(parameters.get_a());
    },
    keysend: ({ id, msat }) => hex(must(manager.send_spontaneous_payment(
      ldk.Option_ThirtyTwoBytesZ.constructor_none(), ldk.RecipientOnionFields.constructor_spontaneous_empty(), paymentId(),
      ldk.RouteParameters.constructor_from_payment_params_and_value(ldk.PaymentParameters.constructor_for_keysend(bytes(id), 40, false), BigInt(msat)),
      ldk.Retry.constructor_attempts(3)), 'keysend')),
    announce: () => { peers.broadcast_node_announcement(new Uint8Array([1, 2, 3]), new Uint8Array(32).fill(65), []); },
    graph: () => {
      const view = graph.read_only();
      const counts = { channels: view.list_channels().length, nodes: view.list_nodes().length };
      view.free(); // a lock, to be freed by hand
      return counts;
    },
    feerate: ({ value }) => { node.config.feerate = value; manager.timer_tick_occurred(); },
    tick: () => { manager.timer_tick_occurred(); peers.timer_tick_occurred(); chain.rebroadcast_pending_claims(); },
    balances: () => chain.get_claimable_balances([]).map(balance => ({ kind: balance.constructor.name, sat: Number(balance.amount_satoshis ?? 0n) })),
    pause: ({ paused }) => { node.feed.paused = paused; },

    // How many states of a channel's monitor are kept, and the publishing of one: the last commitment that it held then.
    states: ({ channel_id }) => node.monitors.get(channel_id)?.length ?? 0,
    publish: async ({ channel_id, state }) => {
      const kept = node.monitors.get(channel_id)[state];
      const monitor = must(ldk.UtilMethods.constructor_C2Tuple_ThirtyTwoBytesChannelMonitorZ_read(kept, keys.as_EntropySource(), keys.as_SignerProvider()), 'read').get_b();
      const transactions = [];
      const capture = ldk.BroadcasterInterface.new_impl({ broadcast_transactions(all) { transactions.push(...all.map(hex)); } });
      const handler = ldk.EventHandler.new_impl({
        handle_event(event) {
          if (event instanceof ldk.Event_BumpTransaction && event.bump_transaction instanceof ldk.BumpTransactionEvent_ChannelClose)
            transactions.push(hex(event.bump_transaction.commitment_tx));
          return ldk.Result_NoneReplayEventZ.constructor_ok();
        },
      });
      monitor.broadcast_latest_holder_commitment_txn(capture, node.fees, node.logger);
      monitor.process_pending_events(handler, node.logger);
      node.keep.push(capture, handler, monitor);
      if (transactions.length === 0) throw new Error('the monitor gave no transaction');
      await node.broadcast([transactions[0]]);
      return transactions[0];
    },

    events: ({ from = 0 }) => events.slice(from),
    wait: async ({ type, match = {}, from = 0, ms = 180_000 }) => {
      for (const until = Date.now() + ms; Date.now() < until; await sleep(10)) {
        const found = events.find(event => event.n >= from && event.type === type && Object.entries(match).every(([key, value]) => event[key] === value));
        if (found) return found;
      }
      throw new Error(`no event ${type} ${JSON.stringify(match)} within ${ms} ms; the last were ${JSON.stringify(events.slice(-8))}`);
    },
  };
}
