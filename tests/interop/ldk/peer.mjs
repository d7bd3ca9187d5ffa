// One LDK node on regtest, driven by JSON over HTTP on 127.0.0.1.
//
// The first line of standard input is its configuration; it ends when standard input does. It prints one line of JSON when it is ready,
// and keeps nothing on disk.
//
//   rpc        http://user:password@127.0.0.1:18443/wallet/NAME of a bitcoind with a funded wallet
//   seed       1 … 255: the node's key
//   feerate    sat/kw that it estimates
//   urgent     the same for what it publishes to close a channel, or 0
//   anchors    offer and take anchors_zero_fee_htlc_tx
//   depth      confirmations of a funding
//   zeroconf   accept inbound channels without any
//   accept     accept inbound channels at all
//   announce   channels are public
//   htlcs      max_accepted_htlcs
import * as ldk from 'lightningdevkit';
import fs from 'node:fs';
import http from 'node:http';
import readline from 'node:readline';
import { createRequire } from 'node:module';
import { Bitcoind, ChainFeed, bytes, hex, reversed, sleep } from './bitcoin.mjs';
import { Sockets } from './sockets.mjs';
import { makeCommands } from './commands.mjs';

const input = readline.createInterface({ input: process.stdin });
const config = {
  rpc: '', seed: 1, feerate: 1000, urgent: 0, anchors: true, depth: 1, zeroconf: false, accept: true, announce: false, htlcs: 50, log: 4, port: 0,
  ...JSON.parse(await new Promise(resolve => input.once('line', resolve))),
};
input.on('close', () => process.exit(0));
await ldk.initializeWasmFromBinary(fs.readFileSync(createRequire(import.meta.url).resolve('lightningdevkit').replace(/index\.mjs$/, 'liblightningjs.wasm')));

const seconds = () => Math.floor(Date.now() / 1000);
const some = option => option && 'some' in option ? option.some : null;
const bitcoind = new Bitcoind(config.rpc);
const node = { ldk, config, bitcoind, some, events: [], held: new Set(), monitors: new Map() };
const tell = node.tell = (type, fields = {}) => { node.events.push({ n: node.events.length, type, ...fields }); };

node.broadcast = async transactions => {
  try {
    if (transactions.length > 1) {
      const verdict = await bitcoind.call('submitpackage', transactions);
      if (verdict.package_msg !== 'success') throw new Error(JSON.stringify(verdict));
      tell('broadcast', { package: transactions.length });
    } else {
      tell('broadcast', { txid: await bitcoind.call('sendrawtransaction', transactions[0]) });
    }
  } catch (error) {
    tell('broadcast_failed', { error: error.message, transactions });
  }
};

// What LDK asks of its host.
const target = ldk.ConfirmationTarget;
const fees = node.fees = ldk.FeeEstimator.new_impl({
  get_est_sat_per_1000_weight(kind) {
    switch (kind) {
      case target.LDKConfirmationTarget_MinAllowedAnchorChannelRemoteFee:
      case target.LDKConfirmationTarget_MinAllowedNonAnchorChannelRemoteFee: return 253;
      case target.LDKConfirmationTarget_MaximumFeeEstimate: return 25000;
      case target.LDKConfirmationTarget_OutputSpendingFee:
      case target.LDKConfirmationTarget_UrgentOnChainSweep: return config.urgent || config.feerate;
      default: return config.feerate;
    }
  },
});
const broadcaster = node.broadcaster = ldk.BroadcasterInterface.new_impl({ broadcast_transactions(all) { node.broadcast(all.map(hex)); } });
const logger = node.logger = ldk.Logger.new_impl({
  log(record) { if (record.get_level() >= config.log) console.error(`[${record.get_level()}] ${record.get_module_path()}: ${record.get_args()}`); },
});

// Every state of every monitor is kept, so that an old one can be published.
const completed = ldk.ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed;
const remember = monitor => {
  const id = hex(monitor.channel_id().get_a());
  if (!node.monitors.has(id)) node.monitors.set(id, []);
  node.monitors.get(id).push(monitor.write());
  return completed;
};
const persist = ldk.Persist.new_impl({
  persist_new_channel: (_outpoint, monitor) => remember(monitor),
  update_persisted_channel: (_outpoint, _update, monitor) => remember(monitor),
  archive_persisted_channel() { },
});
const filter = ldk.Option_FilterZ.constructor_none();
const chain = node.chain = ldk.ChainMonitor.constructor_new(filter, broadcaster, logger, fees, persist);
const keys = node.keys = ldk.KeysManager.constructor_new(new Uint8Array(32).fill(config.seed), BigInt(seconds()), config.seed);
const network = ldk.Network.LDKNetwork_Regtest;
const graph = node.graph = ldk.NetworkGraph.constructor_new(network, logger);
const gossip = ldk.P2PGossipSync.constructor_new(graph, ldk.Option_UtxoLookupZ.constructor_none(), logger);
const scorer = ldk.MultiThreadedLockableScore.constructor_new(
  ldk.ProbabilisticScorer.constructor_new(ldk.ProbabilisticScoringDecayParameters.constructor_default(), graph, logger).as_Score());
const router = ldk.DefaultRouter.constructor_new(
  graph, logger, keys.as_EntropySource(), scorer.as_LockableScore(), ldk.ProbabilisticScoringFeeParameters.constructor_default());
const messageRouter = ldk.DefaultMessageRouter.constructor_new(graph, keys.as_EntropySource());

const user = ldk.UserConfig.constructor_default();
const handshake = user.get_channel_handshake_config();
handshake.set_negotiate_anchors_zero_fee_htlc_tx(config.anchors);
handshake.set_minimum_depth(config.depth);
handshake.set_our_htlc_minimum_msat(1n);
handshake.set_our_max_accepted_htlcs(config.htlcs);
handshake.set_max_inbound_htlc_value_in_flight_percent_of_channel(100);
handshake.set_announce_for_forwarding(config.announce);
const bounds = user.get_channel_handshake_limits();
bounds.set_force_announced_channel_preference(false);
bounds.set_trust_own_funding_0conf(true);
user.set_channel_handshake_config(handshake);
user.set_channel_handshake_limits(bounds);
user.set_manually_accept_inbound_channels(true); // inbound anchor channels are accepted by hand only
user.set_accept_forwards_to_priv_channels(true);

const info = await bitcoind.call('getblockchaininfo');
const best = { hash: info.bestblockhash, height: info.blocks };
const manager = node.manager = ldk.ChannelManager.constructor_new(
  fees, chain.as_Watch(), broadcaster, router.as_Router(), messageRouter.as_MessageRouter(), logger, keys.as_EntropySource(), keys.as_NodeSigner(),
  keys.as_SignerProvider(), user, ldk.ChainParameters.constructor_new(network, ldk.BestBlock.constructor_new(reversed(bytes(best.hash)), best.height)), seconds());
const ignore = ldk.IgnoringMessageHandler.constructor_new();
const peers = node.peers = ldk.PeerManager.constructor_new(
  manager.as_ChannelMessageHandler(), gossip.as_RoutingMessageHandler(), ignore.as_OnionMessageHandler(), ignore.as_CustomMessageHandler(), seconds(),
  keys.as_EntropySource().get_secure_random_bytes(), logger, keys.as_NodeSigner());

// Coins for bumping fees are bitcoind's.
const wallet = ldk.WalletSource.new_impl({
  list_confirmed_utxos() {
    const coins = bitcoind.callSync('listunspent', 1).filter(coin => coin.spendable).slice(0, 20);
    return ldk.Result_CVec_UtxoZNoneZ.constructor_ok(coins.map(coin => ldk.Utxo.constructor_new(
      ldk.OutPoint.constructor_new(reversed(bytes(coin.txid)), coin.vout),
      ldk.TxOut.constructor_new(BigInt(Math.round(coin.amount * 1e8)), bytes(coin.scriptPubKey)), 107n)));
  },
  get_change_script() {
    return ldk.Result_CVec_u8ZNoneZ.constructor_ok(bytes(bitcoind.callSync('getaddressinfo', bitcoind.callSync('getnewaddress', '', 'bech32')).scriptPubKey));
  },
  sign_psbt(psbt) {
    // The unsigned transaction is the first global record; the wallet signs what is its own, LDK the rest.
    let offset = 7;
    let length = psbt[offset];
    if (length === 0xfd) {
      length = psbt[offset + 1] | psbt[offset + 2] << 8;
      offset += 2;
    }
    const unsigned = hex(psbt.subarray(offset + 1, offset + 1 + length));
    return ldk.Result_TransactionNoneZ.constructor_ok(bytes(bitcoind.callSync('signrawtransactionwithwallet', unsigned).hex));
  },
});
const bumper = ldk.BumpTransactionEventHandler.constructor_new(
  broadcaster, ldk.Wallet.constructor_new(wallet, logger).as_CoinSelectionSource(), keys.as_SignerProvider(), logger);

const channelId = event => event.channel_id && hex(event.channel_id.get_a());
const paymentHash = event => event.payment_hash instanceof Uint8Array ? hex(event.payment_hash) : undefined;

async function onEvent(event) {
  const about = { channel_id: channelId(event), payment_hash: paymentHash(event) };
  if (event instanceof ldk.Event_FundingGenerationReady) {
    const address = (await bitcoind.call('decodescript', hex(event.output_script))).address;
    const funded = await bitcoind.call('walletcreatefundedpsbt', [], [{ [address]: Number(event.channel_value_satoshis) / 1e8 }], 0, { fee_rate: 5 });
    const signed = await bitcoind.call('walletprocesspsbt', funded.psbt);
    const final = await bitcoind.call('finalizepsbt', signed.psbt);
    const ok = manager.funding_transaction_generated(event.temporary_channel_id, event.counterparty_node_id, bytes(final.hex)).is_ok();
    tell('funding', { ok });
  } else if (event instanceof ldk.Event_OpenChannelRequest) {
    if (config.accept) {
      const accept = (config.zeroconf ? manager.accept_inbound_channel_from_trusted_peer_0conf : manager.accept_inbound_channel).bind(manager);
      tell('open_request', { sat: Number(event.funding_satoshis), ok: accept(event.temporary_channel_id, event.counterparty_node_id, 7n).is_ok() });
    } else {
      tell('open_request', { sat: Number(event.funding_satoshis), temporary_id: hex(event.temporary_channel_id.get_a()) });
    }
  } else if (event instanceof ldk.Event_ChannelPending) {
    tell('channel_pending', { ...about, funding: `${hex(reversed(event.funding_txo.get_txid()))}:${event.funding_txo.get_index()}` });
  } else if (event instanceof ldk.Event_ChannelReady) {
    tell('channel_ready', { ...about, channel_type: hex(event.channel_type.write()) });
  } else if (event instanceof ldk.Event_ChannelClosed) {
    tell('channel_closed', { ...about, reason: event.reason.constructor.name, message: event.reason.peer_msg?.get_a?.() ?? event.reason.err });
  } else if (event instanceof ldk.Event_PaymentClaimable) {
    const preimage = some(event.purpose.preimage()) ?? event.purpose.spontaneous_payment;
    const isHeld = node.held.has(about.payment_hash);
    tell('claimable', { ...about, msat: Number(event.amount_msat), purpose: event.purpose.constructor.name, held: isHeld, preimage: preimage && hex(preimage) });
    if (preimage && !isHeld) manager.claim_funds(preimage);
  } else if (event instanceof ldk.Event_PaymentClaimed) {
    tell('claimed', { ...about, msat: Number(event.amount_msat) });
  } else if (event instanceof ldk.Event_PaymentSent) {
    tell('sent', { ...about, preimage: hex(event.payment_preimage), fee_msat: Number(some(event.fee_paid_msat) ?? 0n) });
  } else if (event instanceof ldk.Event_PaymentFailed) {
    tell('failed', { payment_hash: some(event.payment_hash) && hex(some(event.payment_hash)), reason: some(event.reason) });
  } else if (event instanceof ldk.Event_PaymentPathFailed) {
    tell('path_failed', { ...about, permanent: event.payment_failed_permanently, scid: some(event.short_channel_id)?.toString() });
  } else if (event instanceof ldk.Event_PendingHTLCsForwardable) {
    await sleep(Number(event.time_forwardable));
    manager.process_pending_htlc_forwards();
  } else if (event instanceof ldk.Event_PaymentForwarded) {
    tell('forwarded', { fee_msat: Number(some(event.total_fee_earned_msat) ?? 0n), onchain: event.claim_from_onchain_tx });
  } else if (event instanceof ldk.Event_BumpTransaction) {
    tell('bump', { kind: event.bump_transaction.constructor.name });
    bumper.handle_event(event.bump_transaction);
  } else if (event instanceof ldk.Event_SpendableOutputs) {
    const script = bytes((await bitcoind.call('getaddressinfo', await bitcoind.call('getnewaddress'))).scriptPubKey);
    const spend = keys.as_OutputSpender().spend_spendable_outputs(event.outputs, [], script, config.feerate, ldk.Option_u32Z.constructor_none());
    tell('spendable', { ...about, count: event.outputs.length, kinds: event.outputs.map(output => output.constructor.name), ok: spend.is_ok() });
    if (spend.is_ok()) await node.broadcast([hex(spend.res)]);
  } else {
    tell(event.constructor.name, about);
  }
  pump();
}

const handler = node.handler = ldk.EventHandler.new_impl({
  handle_event(event) {
    setImmediate(() => onEvent(event).catch(error => tell('error', { on: event.constructor.name, error: error.message })));
    return ldk.Result_NoneReplayEventZ.constructor_ok();
  },
});

let isPumping = false;
const pump = node.pump = () => {
  if (isPumping) return;
  isPumping = true;
  setImmediate(() => {
    isPumping = false;
    peers.process_events();
    manager.as_EventsProvider().process_pending_events(handler);
    chain.as_EventsProvider().process_pending_events(handler);
    peers.process_events();
  });
};
setInterval(pump, 20);
setInterval(() => peers.timer_tick_occurred(), 10_000);
// A peer that is paused hears of no block, and raises no fee.
setInterval(() => { if (!node.feed.paused) { manager.timer_tick_occurred(); chain.rebroadcast_pending_claims(); } }, 30_000);

const feed = node.feed = new ChainFeed(bitcoind, best, tip => { tell('tip', tip); pump(); });
feed.listeners.push(manager.as_Listen(), chain.as_Listen());
feed.run(error => tell('sync_error', { error: error.message }));

const sockets = node.sockets = new Sockets(peers, pump, id => tell('disconnected', { id }));
node.port = await sockets.listen(config.port);
// Without these the finalisers of the bindings would free what LDK still points at.
node.keep = [filter, gossip, scorer, router, messageRouter, persist, ignore, wallet, bumper, user, handshake, bounds];

const commands = makeCommands(node);
const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  try {
    const command = commands[request.url.slice(1)];
    if (!command) throw new Error(`there is no command ${request.url}`);
    const result = await command(body ? JSON.parse(body) : {});
    pump();
    response.end(JSON.stringify({ result: result ?? null }));
  } catch (error) {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: error.message ?? String(error) }));
  }
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ id: commands.info().id, port: node.port, http: server.address().port })));
process.on('uncaughtException', error => { tell('uncaught', { error: error?.stack ?? String(error) }); console.error(error); });
