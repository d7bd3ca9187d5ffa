using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Testing;

namespace Tributary.Rollup.Tests.Anchoring;

public sealed class EnvelopeTests
{
    private static readonly Bytes32 s_key = new(Convert.FromHexString("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));

    [Fact]
    public void Every_payload_comes_back() => Check.QuickThrowOnFailure(Prop.ForAll((byte[] seed, ushort length, byte kind) =>
    {
        var payload = new byte[length % 3000];
        for (var i = 0; i < payload.Length; i++)
            payload[i] = seed.Length == 0 ? (byte)length : seed[i % seed.Length];
        var envelope = new Envelope((EnvelopeKind)(kind % 3), payload, s_key);
        return Envelope.Read(envelope.Build()).Value.Equals(envelope);
    }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(0x81)]
    public void One_byte_alone_is_pushed_as_nodes_want_it(byte only)
    {
        var envelope = new Envelope(EnvelopeKind.Batch, new[] { only }, s_key);
        Assert.Equal(envelope, Envelope.Read(envelope.Build()).Value);
    }

    [Fact]
    public void A_push_is_never_longer_than_255_bytes_and_there_is_no_conditional()
    {
        var script = new Envelope(EnvelopeKind.Batch, new byte[10_000], s_key).Build();
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out var opcode, out var push))
        {
            Assert.InRange(push.Length, 0, 255);
            Assert.NotEqual(Opcode.If, opcode);
            Assert.NotEqual(Opcode.NotIf, opcode);
        }
    }

    [Fact]
    public void Envelope_costs_less_than_two_percent_over_its_payload()
    {
        var payload = new byte[Envelope.PayloadLengthMax];
        Array.Fill(payload, (byte)0xa5);
        Assert.InRange(new Envelope(EnvelopeKind.Batch, payload, s_key).Build().Length, payload.Length, payload.Length * 102 / 100);
    }

    [Fact]
    public void Another_spelling_of_the_same_payload_is_refused()
    {
        var script = new ScriptBuilder()
            .Push([.. "TRIB"u8, Envelope.Version, (byte)EnvelopeKind.Batch]).Add(Opcode.Drop)
            .Push([1, 2, 3]).Add(Opcode.Drop)
            .Push(s_key.Span).Add(Opcode.CheckSig)
            .Build();
        Assert.Equal("envelope", Envelope.Read(script).Error.Field);
    }

    [Theory]
    [InlineData(4, "envelope.version")]
    [InlineData(5, "envelope.kind")]
    public void Head_of_another_version_or_kind_is_refused_by_name(int place, string field)
    {
        var bytes = new Envelope(EnvelopeKind.Batch, new byte[40], s_key).Build().ToArray();
        bytes[1 + place] = 9;
        Assert.Equal(field, Envelope.Read(new Script(bytes)).Error.Field);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Fuzz.Run(
        [new Envelope(EnvelopeKind.Forced, new byte[600], s_key).Build().ToArray()],
        static bytes => _ = Envelope.Read(new Script(bytes.ToArray())).IsOk);
}
