using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Payments;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Payments;

/// <summary>Our node as receiver with its log, and payers who make HTLCs for it.</summary>
internal sealed class ReceiverWorld(ReceiverOptions? options = null, ulong seed = 1)
{
    private int _restarts;

    internal static SecretKey NodeKey { get; } = TestKeys.Secret(0x77);

    internal List<byte[]> Log { get; } = [];

    internal List<InvoiceEffect> Effects { get; } = [];

    internal IncomingPayments Machine { get; private set; } = new(options ?? new ReceiverOptions(), new SeededEntropy(seed));

    internal long Now { get; set; } = 1_700_000_000_000;

    internal uint Height { get; set; } = 1000;

    internal ulong NextHtlc { get; set; }

    internal IncomingPayments Replay()
    {
        var machine = new IncomingPayments(options ?? new ReceiverOptions(), new SeededEntropy(seed + 1000 + (ulong)_restarts));
        foreach (var bytes in Log)
            machine.Apply(InvoiceRecordCodec.Read(bytes).Value);
        return machine;
    }

    internal void Restart()
    {
        _restarts++;
        Machine = Replay();
    }

    internal static byte[] StateOf(IncomingPayments machine) => [.. machine.Checkpoint().SelectMany(InvoiceRecordCodec.Write)];

    /// <summary>Makes records durable; gives the effects of this step.</summary>
    internal IReadOnlyList<InvoiceEffect> Run(InvoiceStep step)
    {
        Log.AddRange(step.Records.Select(InvoiceRecordCodec.Write));
        Effects.AddRange(step.Effects);
        return step.Effects;
    }

    internal InvoiceSheet Invoice(long? amount = 100_000, bool hold = false, Bytes32? hash = null)
    {
        var created = Machine.Create(
            new InvoiceOrder { Network = BitcoinNetwork.Regtest, Amount = amount is { } some ? new MilliSatoshis(some) : null, Description = "tea", IsHold = hold, PaymentHash = hash },
            [],
            NodeKey,
            Now).Value;
        Run(created.Step);
        return ((InvoiceRecord.Created)created.Step.Records[0]).Sheet;
    }

    /// <summary>A part of a payment, right unless told otherwise.</summary>
    internal ReceivedHtlc Part(InvoiceSheet sheet, long amount, long total, uint? expiry = null, Func<HopPayload, HopPayload>? change = null, int channel = 1) =>
        Htlc(
            sheet.PaymentHash,
            amount,
            expiry ?? Height + sheet.MinFinalCltvDelta,
            HopPayload.Final(new MilliSatoshis(amount), expiry ?? Height + sheet.MinFinalCltvDelta, sheet.PaymentSecret ?? default, new MilliSatoshis(total)),
            change,
            channel);

    internal ReceivedHtlc Keysend(Bytes32 preimage, long amount, uint expiry) => Htlc(
        Hashes.Sha256(preimage.Span), amount, expiry, HopPayload.Keysend(new MilliSatoshis(amount), expiry, preimage), change: null, channel: 1);

    internal ReceivedHtlc Htlc(Bytes32 hash, long amount, uint expiry, HopPayload payload, Func<HopPayload, HopPayload>? change, int channel)
    {
        var changed = change is null ? payload : change(payload);
        var session = SecretKey.Generate(new SeededEntropy(seed + 7000 + NextHtlc));
        var onion = OnionBuilder.Build(session, [new OnionHop(NodeKey.PublicKey, changed.ToArray())], hash.Span).Value.Packet;
        return new ReceivedHtlc(new HtlcKey(PaymentWorld.ChannelIdOf(channel), NextHtlc++), new MilliSatoshis(amount), hash, expiry, onion);
    }

    internal IReadOnlyList<InvoiceEffect> Commit(ReceivedHtlc htlc) => Run(Machine.HtlcCommitted(htlc, NodeKey, Now, Height));

    internal IReadOnlyList<InvoiceEffect> Tick() => Run(Machine.Tick(Now, Height));

    /// <summary>What the payer reads from an HTLC that came back.</summary>
    internal static FailureMessage FailureOf(ReceivedHtlc htlc, InvoiceEffect effect)
    {
        var failed = Assert.IsType<InvoiceEffect.FailHtlc>(effect);
        Assert.Equal(htlc.Key, failed.Htlc);
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(htlc.Onion.Span, NodeKey, htlc.PaymentHash.Span, out _, out var secret));
        return ErrorOnion.Read([secret], failed.Reason.Span)!.Failure!;
    }
}
