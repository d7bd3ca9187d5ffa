using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Scripts;

public sealed class ScriptReaderTests
{
    [Fact]
    public void Operations_come_one_by_one_with_what_they_push()
    {
        var reader = new ScriptReader([0x00, 0x02, 0xaa, 0xbb, 0x4c, 0x01, 0xcc, 0x4d, 0x02, 0x00, 0xdd, 0xee, 0x4e, 0x00, 0x00, 0x00, 0x00, 0x51, 0xac]);

        Assert.Equal("0:", Next(ref reader));
        Assert.Equal("OP_UNKNOWN:aabb", Next(ref reader));
        Assert.Equal("OP_PUSHDATA1:cc", Next(ref reader));
        Assert.Equal("OP_PUSHDATA2:ddee", Next(ref reader));
        Assert.Equal("OP_PUSHDATA4:", Next(ref reader));
        Assert.Equal("1:", Next(ref reader));
        Assert.Equal("OP_CHECKSIG:", Next(ref reader));
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.TryReadNext(out _, out _));
    }

    [Theory]
    [InlineData("05aabb")]
    [InlineData("4c")]
    [InlineData("4c02aa")]
    [InlineData("4d00")]
    [InlineData("4d0200aa")]
    [InlineData("4e000000")]
    [InlineData("4effffffff")]
    public void A_push_that_is_cut_short_is_no_operation(string hex)
    {
        var reader = new ScriptReader(Convert.FromHexString(hex));

        Assert.False(reader.IsAtEnd);
        Assert.False(reader.TryReadNext(out _, out _));
    }

    [Fact]
    public void What_the_builder_pushes_reads_back_in_the_shortest_form() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] data, ushort length, long number) =>
        {
            var large = new byte[length];
            var script = new ScriptBuilder().Push(data).Push(large).PushNumber(number).Build();
            var reader = new ScriptReader(script.Span);
            var same = ReadsAs(ref reader, data) && ReadsAs(ref reader, large);
            reader.TryReadNext(out var opcode, out var push);
            return same && reader.IsAtEnd && script.IsPushOnly && NumberOf(opcode, push) == number;
        }));

    [Fact]
    public void No_bytes_break_the_reader() =>
        Fuzz.Run(
            [StandardScripts.P2pkh(new byte[20]).ToArray(), new ScriptBuilder().Push(new byte[300]).Push(new byte[80]).Build().ToArray()],
            static bytes =>
            {
                var reader = new ScriptReader(bytes);
                var position = 0;
                while (reader.TryReadNext(out _, out var push))
                {
                    if (reader.Position <= position || reader.Position > bytes.Length || push.Length > reader.Position)
                        throw new InvalidOperationException("the reader does not go forward");
                    position = reader.Position;
                }

                var script = new Script(bytes.ToArray());
                _ = StandardScripts.Classify(script);
                _ = script.CountSigOps(accurate: true);
                _ = script.ToAssembly();
                _ = script.IsWitnessProgram(out _, out _);
            },
            limits: new FuzzLimits(BytesPerInputByte: 128));

    private static string Next(ref ScriptReader reader) => reader.TryReadNext(out var opcode, out var push) ? $"{opcode.GetName()}:{Convert.ToHexStringLower(push)}" : "none";

    private static bool ReadsAs(ref ScriptReader reader, byte[] data)
    {
        var start = reader.Position;
        if (!reader.TryReadNext(out var opcode, out var push))
            return false;
        var value = opcode switch
        {
            Opcode.Op1Negate => [0x81],
            >= Opcode.Op1 and <= Opcode.Op16 => [(byte)opcode.ToSmallInteger()],
            _ => push.ToArray(),
        };
        return value.AsSpan().SequenceEqual(data) && (opcode > Opcode.PushData4 || ScriptPatterns.IsMinimalPush(push, opcode)) && reader.Position > start;
    }

    private static long NumberOf(Opcode opcode, ReadOnlySpan<byte> push)
    {
        if (opcode == Opcode.Op1Negate)
            return -1;
        if (opcode.IsSmallInteger())
            return opcode.ToSmallInteger();
        var value = push.IsEmpty ? 0 : (long)new System.Numerics.BigInteger([.. push[..^1], (byte)(push[^1] & 0x7f), 0]);
        return !push.IsEmpty && (push[^1] & 0x80) != 0 ? -value : value;
    }
}
