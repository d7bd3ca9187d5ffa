using BenchmarkDotNet.Attributes;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Transport;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Benchmarks;

/// <summary>The messages of a payment, and one of them through an encrypted connection.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly ByteWriter _writer = new(4096);
    private readonly ByteWriter _wire = new(4096);
    private readonly UpdateAddHtlc _add = new()
    {
        ChannelId = default,
        Id = 1,
        Amount = new MilliSatoshis(10_000_000),
        PaymentHash = default,
        CltvExpiry = 800_000,
        Onion = new byte[UpdateAddHtlc.OnionLength],
    };

    private byte[] _addBytes = [];
    private byte[] _revokeBytes = [];
    private TransportSession _sender = null!;
    private TransportSession _receiver = null!;

    [GlobalSetup]
    public void Connect()
    {
        var entropy = new SeededEntropy(1);
        using var dialler = SecretKey.Generate(entropy);
        using var listener = SecretKey.Generate(entropy);
        _addBytes = _add.ToArray();
        _revokeBytes = new RevokeAndAck { ChannelId = default, PerCommitmentSecret = default, NextPerCommitmentPoint = dialler.PublicKey }.ToArray();
        _sender = TransportSession.Dial(dialler, listener.PublicKey, entropy, _wire);
        _receiver = TransportSession.Accept(listener, entropy);
        Pass(_receiver);
        Pass(_sender);
        Pass(_receiver);
    }

    [Benchmark]
    public LightningMessage ReadUpdateAddHtlc() => LightningMessage.Read(_addBytes).Value;

    [Benchmark]
    public LightningMessage ReadRevokeAndAck() => LightningMessage.Read(_revokeBytes).Value;

    [Benchmark]
    public int WriteUpdateAddHtlc()
    {
        _writer.Clear();
        _add.Write(_writer);
        return _writer.Length;
    }

    [Benchmark]
    public TransportStatus SendAndReceive()
    {
        _wire.Clear();
        _sender.Send(_addBytes, _wire);
        var input = _wire.WrittenSpan;
        return _receiver.Receive(ref input, _writer, out _);
    }

    private void Pass(TransportSession session)
    {
        ReadOnlySpan<byte> input = _wire.ToArray();
        _wire.Clear();
        session.Receive(ref input, _wire, out _);
    }
}
